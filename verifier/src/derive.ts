import { BigNumber } from 'bignumber.js'

import { attempt, demand, refuse } from './bytes'
import { decimalOf, decimalsOf, logarithm, meanLevel, quotient, total, writeDecimal, type Decimal } from './decimal'
import { filled } from './figure'
import { inputsOf, type Bundle, type Step, type Table } from './form'
import { readCell } from './import'
import { dataTime, packetOf } from './packet'
type Leaf = Step & { entry: number }
/** Of what a leaf is, in bytes: device, ST, CN, name `<factor>-<kind>` and data time in 17 digits. */
function originOf(step: Leaf, { entries }: Bundle) {
  const entry = entries.get(step.entry)!
  if (step.op === 'cell') return readCell(entry, step.line, step.column, entries)
  const packet = packetOf(entry, 'key' in step ? step.key : undefined)
  const [st, cn, time] = [packet.header.get('ST'), packet.header.get('CN'), filled(dataTime(packet))]
  return { device: entry.device, st, cn, field: step.op === 'field' ? step.name : '', time }
}
function interpolate(value: Decimal, table: Table & { kind: 'breakpoints' }): string {
  const high = table.rows.findIndex((row) => value.lt(decimalOf(row[0])))
  demand(high !== 0, `${value.toFixed()} lies below the first breakpoint of ${table.id}`)
  if (high < 0) return table.rows.at(-1)![1]
  const [cLow, iLow, cHigh, iHigh] = table.rows.slice(high - 1, high + 1).flat().map(decimalOf) as [Decimal, Decimal, Decimal, Decimal]
  const width = cHigh.minus(cLow)
  return quotient(iHigh.minus(iLow).times(value.minus(cLow)).plus(iLow.times(width)), width, table.decimals, table.rounding)
}
/** What a table says of a value: index, grade or class. */
function lookUp(value: Decimal, table: Exclude<Table, { kind: 'parameter' }>): string {
  if (table.kind === 'breakpoints') return interpolate(value, table)
  const [least, most] = [(limit: string) => value.gte(decimalOf(limit)), (limit: string) => value.lte(decimalOf(limit))]
  if (table.kind === 'grades')
    return table.rows.find(([bound]) => bound === null || most(bound))?.[1] ?? refuse(`no grade of ${table.id} reaches ${value.toFixed()}`)
  const row = table.rows.find(([limit]) => (Array.isArray(limit) ? least(limit[0]) && most(limit[1])
    : limit !== null && (table.better === 'higher' ? least(limit) : most(limit))))
  return row ? row[1] : String(Number(table.rows.at(-1)![1]) + 1)
}
/** bundle.md §3.3: what a detection limit 检出限 is a limit of. */
function detectionLimit(text: string): Decimal {
  const what = `"${text.slice(0, 64)}" is no detection limit`
  const [, word, before, behind] = /^ *(?:(ND|未检出)|(?:<|＜|ND)(.*)|(.*)[Ll]) *$/.exec(text) ?? refuse(what)
  const limit = decimalOf(word ? '0' : before ?? behind!)
  return limit.gte(0) ? limit : refuse(what)
}
/** HJ 663-2013 appendix A: between the neighbours of place 1 + (n − 1)·p. */
function percentile(values: Decimal[], share: Decimal, decimals: number): string {
  const [sorted, place] = [values.sort((a, b) => a.comparedTo(b)!), share.times(values.length - 1)]
  const at = place.integerValue(BigNumber.ROUND_FLOOR).toNumber()
  const [low, high] = [sorted[at]!, sorted[at + 1] ?? sorted[at]!]
  return quotient(high.minus(low).times(place.minus(at)).plus(low), 1, decimals)
}
const factorOf = (step: Step, { tables }: Bundle): string => (tables[(step as Given<'class'>['step']).table] as Table & { factor: string }).factor
/** As written where it stands first. */
const best = (of: string[], better: 'gt' | 'lt') => of.reduce((best, each) => (decimalOf(each)[better](decimalOf(best)) ? each : best))
type Given<K> = { step: Step & { op: K }; bundle: Bundle; first: Decimal; second: Decimal; numbers: Decimal[]; texts: string[]; table: Table }
const looked = ({ first, table }: { first: Decimal; table: Table }) => lookUp(first, table as Exclude<Table, { kind: 'parameter' }>)
const parameterOf = (table: Table) => (table.rows[0] as [string])[0]
/** What a step gives, from the results of those before it: bundle.md §3.4. */
const kOperations: { [K in Step['op']]: (given: Given<K>) => string } = {
  field: ({ step: { entry, key, group, name }, bundle }) => {
    const value = packetOf(bundle.entries.get(entry)!, key).groups[group]?.get(name) ?? ''
    return /^[\x20-\x7e]+$/.test(value) ? value : refuse(`entry ${entry} has no ${name} in group ${group}`)
  },
  cell: ({ step: { entry, line, column }, bundle: { entries } }) => readCell(entries.get(entry)!, line, column, entries).text,
  time: ({ step: { entry, key }, bundle }) => dataTime(packetOf(bundle.entries.get(entry)!, key)),
  scale: ({ step, first }) => writeDecimal(first.times(decimalOf(step.by))),
  round: ({ step, first, texts }) => quotient(first, 1, Math.min(step.decimals, decimalsOf(texts[0]!))),
  mean: ({ step, numbers }) => quotient(total(numbers), numbers.length, step.decimals),
  interpolate: looked, grade: looked, class: looked,
  max: ({ step: { least }, texts }) => best(least === undefined ? texts : [...texts, least], 'gt'),
  main: ({ step, bundle, texts, numbers }) => {
    const most = decimalOf(best(texts, 'gt'))
    const main = step.inputs.filter((_, i) => most.gt(decimalOf(step.above)) && numbers[i]!.eq(most))
    return main.map((at) => factorOf(bundle.steps[at]!, bundle)).join('+')
  },
  below: ({ texts, table }) => writeDecimal(detectionLimit(texts[0]!).times(decimalOf(parameterOf(table)))),
  limit: ({ table }) => parameterOf(table),
  sum: ({ step, numbers }) => quotient(total(numbers), 1, step.decimals),
  difference: ({ step, first, second }) => quotient(first.minus(second), 1, step.decimals),
  product: ({ step, numbers }) => quotient(numbers.reduce((all, each) => all.times(each)), 1, step.decimals),
  ratio: ({ step, first, second }) => (second.isZero() ? refuse('a ratio to 0') : quotient(first, second, step.decimals)),
  percentile: ({ step, numbers }) => percentile(numbers, decimalOf(step.by), step.decimals),
  count: ({ step, numbers }) => String(numbers.filter((each) => each.lte(decimalOf(step.above))).length),
  min: ({ texts }) => best(texts, 'lt'),
  level: ({ step, numbers }) => meanLevel(numbers, step.decimals),
  ln: ({ step, first }) => logarithm(first, 'ln', step.decimals),
  lg: ({ step, first }) => logarithm(first, 'log', step.decimals),
}
function compute(step: Step, bundle: Bundle): string {
  const texts = inputsOf(step).map((at) => bundle.steps[at]!.result)
  // Read when they are asked for: not every input is a number.
  return (kOperations[step.op] as (given: Given<Step['op']>) => string)({
    step, bundle, texts, table: 'table' in step ? bundle.tables[step.table]! : bundle.tables[0]!,
    get first() { return decimalOf(texts[0]!) }, get second() { return decimalOf(texts[1]!) }, get numbers() { return texts.map(decimalOf) },
  })
}
export function checkSteps(bundle: Bundle): string {
  for (const [at, step] of bundle.steps.entries()) {
    const computed = compute(step, bundle)
    demand(computed === step.result, `step ${at} (${step.op}) gives "${computed}", not "${step.result}"`)
  }
  return `${bundle.steps.length} steps give their results`
}
/** The check `tables`: the data that lead to a table are of days on which it was valid. */
export function checkTables(bundle: Bundle): string {
  const number = (day: string | null, open: number) => (day === null ? open : Number(day.replaceAll('-', '')))
  const days: [number, number][] = [] // first and last day of the data that lead to each step
  for (const [at, step] of bundle.steps.entries()) {
    const inputs = inputsOf(step)
    const own = 'entry' in step ? Number(attempt(() => originOf(step, bundle).time.slice(0, 8))) : undefined // NaN, which fits no table: unreadable
    let [first, last] = [own ?? Infinity, own ?? -Infinity]
    for (const input of inputs) [first, last] = [Math.min(first, days[input]![0]), Math.max(last, days[input]![1])]
    days.push([first, last])
    // A limit is judged where it is used.
    for (const user of step.op === 'limit' ? [] : [step, ...inputs.map((input) => bundle.steps[input]!).filter(({ op }) => op === 'limit')]) {
      const { id = '', valid_from = null, valid_to = null } = 'table' in user ? bundle.tables[user.table]! : {}
      // A period may be judged by a table that came into force in it.
      const [begin, end] = bundle.name?.reach ? [first, Math.max(last, Number(bundle.name.to.slice(0, 8)) - 1)] : [last, first]
      const fits = !('table' in user) || (first <= last && number(valid_from, 0) <= end && begin <= number(valid_to, Infinity))
      demand(fits, `step ${at}: ${id} is not valid for data of ${first} to ${last}`)
    }
  }
  return bundle.tables.map((table) => `${table.edition} ${table.clause} (${table.verification})`).join('; ')
}
/** The check `figure`: the figure is what its name says, bundle.md §4. */
export function checkFigure(bundle: Bundle): string {
  const { steps, name, figure } = bundle
  const [{ kind, from, to, reach }, { value, unit, step }] = [name!, figure!]
  const last = steps[step]!
  demand(value === last.result, `the figure is "${value}", step ${step} gives "${last.result}"`)
  const originAt = (at: number) =>
    /^(field|cell)$/.test(steps[at]!.op) ? originOf(steps[at] as Leaf, bundle) : refuse(`step ${at} reads no value`)
  /** The step from which a line of others leads to this one. */
  const rootOf = (at: number, ops: string[]): number => (ops.includes(steps[at]!.op) ? rootOf(inputsOf(steps[at]!)[0]!, ops) : at)
  // The time of a step that has to read what the name of the figure says.
  const named = (at: number): string => {
    const { device, st, cn, field, time } = originAt(at)
    const right = device === name!.subject && st === name!.st && cn === name!.cn && field === name!.field
    return right ? time : refuse(`step ${at} reads another device, ST, CN or name than the figure's`)
  }
  if (kind === 'value') {
    demand(named(step) === from, 'the value is of another time than the figure')
  } else if (kind === 'mean') {
    demand(last.op === 'mean', `step ${step} is no mean`)
    const times = last.inputs.map((at) => named(steps[at]!.op === 'below' ? inputsOf(steps[at]!)[0]! : at))
    const inside = times.every((time, i) => from <= time && time < to && (i === 0 || times[i - 1]! < time))
    demand(inside, 'a value of the mean is not in its place or time')
  } else if (reach) {
    const used = new Set([step])
    for (let at = step; at >= 0; at--) if (used.has(at)) for (const each of inputsOf(steps[at]!)) used.add(each)
    const leaves = steps.filter((each): each is Leaf => 'entry' in each)
    demand(used.size === steps.length && leaves.some(({ op }) => op !== 'time'), 'a step does not lead to the figure, or none reads a value')
    const near = leaves.map((each) => originOf(each, bundle).time).every((time) => reach[0]! <= time && time <= reach[1]!)
    demand(near, 'a value is of a time far from that of the figure')
  } else {
    const op = kind === 'aqi' ? 'interpolate' : 'class'
    demand(last.op === 'max' && last.inputs.every((at) => steps[at]!.op === op), `step ${step} is no max of ${op}`)
    const factors = last.inputs.map((at) => factorOf(steps[at]!, bundle))
    const origins = last.inputs.map((at) => originAt(rootOf(inputsOf(steps[at]!)[0]!, ['round', 'scale', 'below'])))
    const single = new Set(factors).size === factors.length && new Set(origins.map(({ device }) => device)).size === 1
    demand(single, 'a factor counts twice, or the values are of several devices')
    const times = origins.map(({ time }) => time)
    const right = times.every((time) => time === from || (op === 'class' && time < from)) && times.includes(from)
    demand(right, 'the values are of other times than the figure')
  }
  return `${value}${unit && ` ${unit}`} is what step ${step} gives`
}
