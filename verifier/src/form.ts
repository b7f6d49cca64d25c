import * as v from 'valibot'

import { base64, demand, refuse, utf8 } from './bytes'
import { decimalOf, readDecimal } from './decimal'
import { isTime, readFigure, type FigureName } from './figure'
import { parseJson } from './json'
import { readEntry, type Entry } from './packet'
/** Members and types of a bundle: bundle.md §1, §3.3, §3.4. Numbers are non-negative integers already by parseJson(). */
export const is = <T>(what: string, right: (value: T) => boolean) => v.check(right, `no ${what}`)
export const [text, number] = [v.string(), v.number()]
export const full = v.pipe(text, v.nonEmpty())
const device = v.pipe(text, v.regex(/^[!-.0-~]+$/))
const mebibyte = v.pipe(text, is('1 MiB of text', (value) => value.length <= 2 ** 20 && utf8(value).length <= 2 ** 20))
const bytes = v.pipe(text, v.transform(base64), v.instance(Uint8Array, 'no Base64'))
const decimal = v.pipe(text, is('number', (value) => readDecimal(value) !== undefined))
export const time = v.pipe(text, is('time', isTime))
const [day, decimals] = [v.nullable(v.pipe(text, v.regex(/^\d{4}-\d\d-\d\d$/))), v.pipe(number, v.maxValue(18))]
const node = v.strictTuple([v.pipe(number, v.maxValue(63)), number, v.pipe(bytes, v.length(32))])
const [key, clause] = [v.optional(v.pipe(text, v.regex(/^[0-9a-f]{32}$/))), v.optional(v.pipe(text, v.regex(/^[^\0-\x1f\x7f]{1,200}$/u)))]
const op = <T extends string, E extends v.ObjectEntries>(names: T[], entries: E) => v.strictObject({ op: v.picklist(names), result: text, clause, ...entries })
const [input, inputs, entry, two] = [number, v.pipe(v.array(number), v.nonEmpty()), number, v.strictTuple([number, number])]
const share = v.pipe(decimal, is('share', (value) => decimalOf(value).gt(0) && decimalOf(value).lt(1)))
const kStep = v.variant('op', [
  op(['field'], { entry, name: text, group: number, key }), op(['time'], { entry, key }), op(['cell'], { entry, line: v.pipe(number, v.minValue(1)), column: full }),
  op(['interpolate', 'grade', 'class', 'below'], { input, table: number }), op(['limit'], { table: number }), op(['round', 'ln', 'lg'], { input, decimals }),
  op(['scale'], { input, by: decimal }), op(['sum', 'mean', 'level'], { inputs, decimals }), op(['difference', 'ratio'], { inputs: two, decimals }),
  op(['min'], { inputs }), op(['product'], { inputs: v.pipe(inputs, v.maxLength(16)), decimals }), op(['percentile'], { inputs, by: share, decimals }),
  op(['max'], { inputs, least: v.optional(decimal) }), op(['main', 'count'], { inputs, above: decimal }),
])
const verification = v.picklist(['VERIFIED', 'THIRD_PARTY', 'INFERRED', 'UNVERIFIED'])
const table = <K extends string, E extends v.ObjectEntries>(kind: K, entries: E) =>
  v.strictObject({ id: full, edition: full, clause: text, valid_from: day, valid_to: day, verification, kind: v.literal(kind), ...entries })
const rowsOf = <A extends v.GenericSchema, B extends v.GenericSchema>(first: A, second: B, least = 1) =>
  v.pipe(v.array(v.strictTuple([first, second])), v.minLength(least))
const [kClass, factor] = [v.pipe(text, v.regex(/^([1-9]|[1-8]\d|9[0-8])$/)), { factor: text, unit: text }]
const kTable = v.variant('kind', [
  table('breakpoints', { ...factor, rounding: v.picklist(['up', 'half-even']), decimals, rows: rowsOf(decimal, decimal, 2) }),
  table('grades', { rows: rowsOf(v.nullable(decimal), text) }), table('parameter', { rows: v.strictTuple([v.strictTuple([decimal])]) }),
  v.variant('better', [table('classes', { ...factor, better: v.picklist(['lower', 'higher']), rows: rowsOf(v.nullable(decimal), kClass) }),
    table('classes', { ...factor, better: v.literal('within'), rows: rowsOf(v.strictTuple([decimal, decimal]), kClass) })]),
])
const kFigure = v.strictObject({ kind: v.literal('figure'), figure: text })
const kBundle = v.strictObject({
  format: v.literal('mingjian-evidence-bundle'), version: v.literal(1), made_at: time, software: text,
  subject: v.variant('kind', [kFigure, v.strictObject({ kind: v.literal('device'), device, from: time, to: time })]),
  keyring: mebibyte, checkpoint: mebibyte, policy: v.strictObject({ quorum: number, witnesses: v.pipe(v.array(text), v.maxLength(64)) }),
  timestamp: v.nullable(v.pipe(bytes, v.maxLength(2 ** 20))), timestamp_trust: v.nullable(mebibyte),
  entries: v.pipe(v.array(v.strictTuple([number, bytes])), v.nonEmpty()),
  proof: v.strictObject({ sha256: v.array(node), sm3: v.array(node) }), tables: v.array(kTable), steps: v.array(kStep),
  figure: v.nullable(v.strictObject({ value: text, unit: text, step: number })), statements: v.array(number),
})
export type Step = v.InferOutput<typeof kStep>
export type Table = v.InferOutput<typeof kTable>
/** With the entries by index, and the name of a figure; none of a device. */
export type Bundle = Omit<v.InferOutput<typeof kBundle>, 'entries'> & { entries: Map<number, Entry>; name: FigureName | undefined }
/** What a text in JSON says, which has to be of a form. */
export function shaped<S extends v.GenericSchema>(schema: S, json: string, what: string, negative = false): v.InferOutput<S> {
  const { success, output, issues } = v.safeParse(schema, parseJson(json, negative), { abortEarly: true })
  return success ? output : refuse(`${what} ${v.getDotPath(issues[0]) ?? ''}: ${issues[0].message}`.slice(0, 300))
}
const kKindFor: Record<string, string> = { interpolate: 'breakpoints', grade: 'grades', class: 'classes', below: 'parameter', limit: 'parameter' }
/** The steps from which a step takes its input. */
export const inputsOf = (step: Step): number[] => ('inputs' in step ? step.inputs : 'input' in step ? [step.input] : [])
const ascends = (column: unknown[], strictly: boolean): boolean => column.map((each) => decimalOf(each as string))
  .every((n, i, all) => i === 0 || n.gt(all[i - 1]!) || (!strictly && n.eq(all[i - 1]!)))
/** Limits and classes of a table ascend. */
function checkTable({ id, kind, rows }: Table): void {
  const [first, second] = [rows.map((row) => row[0]), rows.map((row) => row[1])]
  const bounds = kind === 'classes' || ascends(kind === 'grades' && first.at(-1) === null ? first.slice(0, -1) : first, true)
  demand(bounds && (kind === 'grades' || kind === 'parameter' || ascends(second, kind === 'classes')), `table ${id}: the rows do not ascend`)
}
/** References of a step: backwards, to what is there, of the right kind. */
function checkStep(step: Step, at: number, bundle: Bundle, keys: Map<number, string>): void {
  const what = `steps[${at}]`
  const right = inputsOf(step).every((each) => each < at && (step.op !== 'main' || bundle.steps[each]!.op === 'interpolate'))
  demand(right, `${what} refers to a step that is not before it, or none of interpolate`)
  if ('table' in step) demand(bundle.tables[step.table]?.kind === kKindFor[step.op], `${what}: there is no such table`)
  if (!('entry' in step)) return
  const key = ('key' in step && step.key) || ''
  demand(bundle.entries.has(step.entry) && (keys.get(step.entry) ?? key) === key, `${what}: entry ${step.entry} is not in the bundle, or is read with two keys`)
  keys.set(step.entry, key)
}
/** The check `format`. */
export function readBundle(json: string): Bundle {
  const raw = shaped(kBundle, json, 'bundle')
  const { subject, statements, figure, tables, steps } = raw
  const name = subject.kind === 'figure' ? readFigure(subject.figure) : undefined
  const ascend = raw.entries.every(([index], at) => at === 0 || index > raw.entries[at - 1]![0])
  demand(ascend && new Set(tables.map(({ id }) => id)).size === tables.length, 'the entries do not ascend, or two tables have one id')
  const bundle: Bundle = { ...raw, entries: new Map(raw.entries.map(([index, bytes]) => [index, readEntry(index, bytes)])), name }
  tables.forEach(checkTable)
  const keys = new Map<number, string>()
  steps.forEach((step, at) => checkStep(step, at, bundle, keys))
  const logarithms = steps.filter(({ op }) => op === 'ln' || op === 'lg' || op === 'level').flatMap(inputsOf)
  demand(logarithms.length <= 2 ** 20, 'more than 2^20 logarithms are to be computed')
  const known = statements.filter((each) => bundle.entries.has(each))
  demand(new Set(known).size === statements.length, 'statements are not among the entries, or one is there twice')
  const fits = subject.kind === 'figure' ? figure && figure.step < steps.length
    : !figure && tables.length === 0 && steps.every(({ op }) => op === 'field' || op === 'cell') && Date.parse(subject.from) < Date.parse(subject.to)
  demand(fits, 'the figure, tables or times do not fit the subject')
  return bundle
}
