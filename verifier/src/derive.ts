import { demand, refuse } from './bytes'
import { decimalOf, decimalsOf, quotient, writeDecimal, type Decimal } from './decimal'
import { filled } from './figure'
import { inputsOf, type Bundle, type Step, type Table } from './form'
import { dataTime, readPacket, type Entry, type Packet } from './packet'
import type { Pause } from './tree'

type Reading = { entry: number; key?: string | undefined }
const packets = new WeakMap<Entry, Packet>()
/** The packet that a step reads; each is taken apart once. */
function packetOf(step: Reading, bundle: Bundle): Packet {
  const entry = bundle.entries.get(step.entry)!
  if (!packets.has(entry)) packets.set(entry, readPacket(entry, step.key))
  return packets.get(entry)!
}
function interpolate(value: Decimal, table: Table & { kind: 'breakpoints' }): string {
  const high = table.rows.findIndex((row) => value.lt(decimalOf(row[0])))
  demand(high !== 0, `${value.toFixed()} lies below the first breakpoint of ${table.id}`)
  if (high < 0) return table.rows.at(-1)![1]
  const [cLow, iLow, cHigh, iHigh] = table.rows.slice(high - 1, high + 1).flat().map(decimalOf) as [Decimal, Decimal, Decimal, Decimal]
  const width = cHigh.minus(cLow)
  const above = iHigh.minus(iLow).times(value.minus(cLow)).plus(iLow.times(width))
  return quotient(above, width, table.decimals, table.rounding)
}
/** What a table says of a value: index, grade or class. */
function lookUp(value: Decimal, table: Table): string {
  if (table.kind === 'breakpoints') return interpolate(value, table)
  const [least, most] = [(limit: string) => value.gte(decimalOf(limit)), (limit: string) => value.lte(decimalOf(limit))]
  if (table.kind === 'grades') {
    const row = table.rows.find(([bound]) => bound === null || most(bound))
    return row ? row[1] : refuse(`no grade of ${table.id} reaches ${value.toFixed()}`)
  }
  const row = table.rows.find(([limit]) => (Array.isArray(limit) ? least(limit[0]) && most(limit[1])
    : limit !== null && (table.better === 'higher' ? least(limit) : most(limit))))
  return row ? row[1] : String(Number(table.rows.at(-1)![1]) + 1)
}
function factorOf(step: Step, bundle: Bundle): string {
  const table = 'table' in step ? bundle.tables[step.table] : undefined
  return table && 'factor' in table ? table.factor : refuse('a step takes no table of a factor')
}
/** What a step gives, from the results of those before it: bundle.md §3.3. */
function compute(step: Step, bundle: Bundle): string {
  const texts = inputsOf(step).map((at) => bundle.steps[at]!.result)
  const first = texts[0] ?? ''
  const greatest = (of: string[]) => of.reduce((best, each) => (decimalOf(each).gt(decimalOf(best)) ? each : best), of[0]!)
  switch (step.op) {
    case 'field': {
      const value = packetOf(step, bundle).groups[step.group]?.get(step.name) ?? ''
      return /^[\x20-\x7e]+$/.test(value) ? value : refuse(`entry ${step.entry} has no ${step.name} in group ${step.group}`)
    }
    case 'time':
      return dataTime(packetOf(step, bundle))
    case 'scale':
      return writeDecimal(decimalOf(first).times(decimalOf(step.by)))
    case 'round':
      return quotient(decimalOf(first), 1, Math.min(step.decimals, decimalsOf(first)))
    case 'mean':
      return quotient(texts.map(decimalOf).reduce((sum, each) => sum.plus(each)), texts.length, step.decimals)
    case 'max':
      return greatest([...texts, ...(step.least === undefined ? [] : [step.least])])
    case 'main': {
      const best = decimalOf(greatest(texts))
      const main = step.inputs.filter((_, i) => best.gt(decimalOf(step.above)) && decimalOf(texts[i]!).eq(best))
      return main.map((at) => factorOf(bundle.steps[at]!, bundle)).join('+')
    }
    default:
      return lookUp(decimalOf(first), bundle.tables[step.table]!)
  }
}
/** The day of the packet that a step reads; NaN, which fits no table, when it cannot be read. */
function dayOf(step: Reading, bundle: Bundle): number {
  try {
    return Number(dataTime(packetOf(step, bundle)).slice(0, 8))
  } catch {
    return Number.NaN
  }
}
/** The check `derivation`. */
export async function checkSteps(bundle: Bundle, pause: Pause): Promise<string> {
  for (const [at, step] of bundle.steps.entries()) {
    if (pause.due()) await pause.rest()
    const computed = compute(step, bundle)
    demand(computed === step.result, `step ${at} (${step.op}) gives "${computed}", not "${step.result}"`)
  }
  return `${bundle.steps.length} steps give their results`
}
/** The check `tables`: the data that lead to a table are of days on which it was valid. */
export async function checkTables(bundle: Bundle, pause: Pause): Promise<string> {
  // First and last day of the data that lead to each step.
  const days: [number, number][] = []
  const number = (day: string | null, open: number) => (day === null ? open : Number(day.replaceAll('-', '')))
  for (const [at, step] of bundle.steps.entries()) {
    if (pause.due()) await pause.rest()
    let [first, last] = [Infinity, -Infinity]
    if ('entry' in step) first = last = dayOf(step, bundle)
    for (const each of inputsOf(step)) [first, last] = [Math.min(first, days[each]![0]), Math.max(last, days[each]![1])]
    days.push([first, last])
    if (!('table' in step)) continue
    const { id, valid_from, valid_to } = bundle.tables[step.table]!
    const fits = number(valid_from, 0) <= first && last <= number(valid_to, Infinity)
    demand(fits, `step ${at}: ${id} is not valid for data of ${first} to ${last}`)
  }
  return bundle.tables.map((table) => `${table.edition} ${table.clause} (${table.verification})`).join('; ')
}
/** The check `figure`: the figure is what its name says, bundle.md §4. */
export function checkFigure(bundle: Bundle): string {
  const name = bundle.name!
  const { value, unit, step } = bundle.figure!
  const last = bundle.steps[step]!
  demand(value === last.result, `the figure is "${value}", step ${step} gives "${last.result}"`)
  const deviceOf = (each: Step & { op: 'field' }) => bundle.entries.get(each.entry)!.device
  const timeOf = (each: Step & { op: 'field' }) => filled(dataTime(packetOf(each, bundle)))
  // The time of a step that has to read the field which the name of the figure says.
  const named = (at: number): string => {
    const each = bundle.steps[at]!
    demand(each.op === 'field' && each.name === name.field, `step ${at} does not read ${name.field}`)
    const { header } = packetOf(each, bundle)
    const right = deviceOf(each) === name.subject && header.get('ST') === name.st && header.get('CN') === name.cn
    demand(right, `entry ${each.entry} is of another device, ST or CN than the figure`)
    return timeOf(each)
  }
  if (name.kind === 'value') {
    demand(named(step) === name.from, 'the packet has another DataTime than the figure')
  } else if (name.kind === 'mean') {
    demand(last.op === 'mean', `step ${step} is no mean`)
    const times = last.inputs.map(named)
    const inside = times.every((time, i) => name.from <= time && time < name.to && (i === 0 || times[i - 1]! < time))
    demand(inside, 'a value of the mean is not in its place or time')
  } else {
    const op = name.kind === 'aqi' ? 'interpolate' : 'class'
    demand(last.op === 'max', `step ${step} is no max`)
    const parts = last.inputs.map((at) => bundle.steps[at]!)
    demand(parts.every((part) => part.op === op), `an input of step ${step} is no ${op}`)
    demand(new Set(parts.map((part) => factorOf(part, bundle))).size === parts.length, 'a factor counts twice')
    const fields = parts.map((part): Step & { op: 'field' } => {
      let each = bundle.steps[inputsOf(part)[0]!]!
      while (each.op === 'round' || each.op === 'scale') each = bundle.steps[each.input]!
      return each.op === 'field' ? each : refuse(`an input of step ${step} does not lead to one field`)
    })
    demand(new Set(fields.map(deviceOf)).size === 1, 'the entries are of several devices')
    const times = fields.map(timeOf)
    const right = times.every((time) => time === name.from || (op === 'class' && time < name.from)) && times.includes(name.from)
    demand(right, 'the packets have other DataTimes than the figure')
  }
  return `${value}${unit && ` ${unit}`} is what step ${step} gives`
}
