import * as v from 'valibot'

import { base64, demand, refuse, utf8 } from './bytes'
import { decimalOf, readDecimal } from './decimal'
import { isTime, readFigure, type FigureName } from './figure'
import { parseJson } from './json'
import { readEntry, type Entry } from './packet'
import type { Pause } from './tree'
/** Members and types of a bundle: bundle.md §1, §3.3, §3.4. Numbers are non-negative integers already by parseJson(). */
export const is = <T>(what: string, right: (value: T) => boolean) => v.check(right, `no ${what}`)
export const [text, number] = [v.string(), v.number()]
const full = v.pipe(text, v.nonEmpty())
const device = v.pipe(text, v.regex(/^[!-.0-~]+$/))
const mebibyte = v.pipe(text, is('1 MiB of text', (value) => value.length <= 2 ** 20 && utf8(value).length <= 2 ** 20))
const bytes = v.pipe(text, is('Base64', (value) => base64(value) !== undefined))
export const hash = v.pipe(text, is('hash', (value) => value.length === 44 && base64(value)?.length === 32))
const decimal = v.pipe(text, is('number', (value) => readDecimal(value) !== undefined))
export const time = v.pipe(text, is('time', isTime))
const day = v.nullable(v.pipe(text, v.regex(/^\d{4}-\d\d-\d\d$/)))
const decimals = v.pipe(number, v.maxValue(18))
const kEntry = v.strictTuple([number, bytes])
const node = v.strictTuple([v.pipe(number, v.maxValue(63)), number, hash])
const kBundle = v.strictObject({
  format: v.literal('mingjian-evidence-bundle'), version: v.literal(1), made_at: time, software: text,
  subject: v.variant('kind', [
    v.strictObject({ kind: v.literal('figure'), figure: text }),
    v.strictObject({ kind: v.literal('device'), device, from: time, to: time }),
  ]),
  keyring: mebibyte, checkpoint: mebibyte,
  policy: v.strictObject({ quorum: number, witnesses: v.pipe(v.array(text), v.maxLength(64)) }),
  timestamp: v.nullable(v.pipe(bytes, is('1 MiB', (value) => base64(value)!.length <= 2 ** 20))),
  timestamp_trust: v.nullable(mebibyte),
  entries: v.pipe(v.array(v.unknown()), v.nonEmpty()),
  proof: v.strictObject({ sha256: v.array(node), sm3: v.array(node) }),
  tables: v.array(v.unknown()), steps: v.array(v.unknown()),
  figure: v.nullable(v.strictObject({ value: text, unit: text, step: number })),
  statements: v.array(number),
})
const key = v.optional(v.pipe(text, v.regex(/^[0-9a-f]{32}$/)))
const op = <T extends string, E extends v.ObjectEntries>(name: T, entries: E) =>
  v.strictObject({ op: v.literal(name), result: text, ...entries })
const [input, inputs, entry] = [number, v.pipe(v.array(number), v.nonEmpty()), number]
const kStep = v.variant('op', [
  op('field', { entry, name: text, group: number, key }), op('time', { entry, key }),
  op('scale', { input, by: decimal }), op('round', { input, decimals }), op('mean', { inputs, decimals }),
  op('interpolate', { input, table: number }), op('grade', { input, table: number }), op('class', { input, table: number }),
  op('max', { inputs, least: v.optional(decimal) }), op('main', { inputs, above: decimal }),
])
const table = <K extends string, E extends v.ObjectEntries>(kind: K, entries: E) => v.strictObject({
  id: full, edition: full, clause: text, valid_from: day, valid_to: day,
  verification: v.picklist(['VERIFIED', 'THIRD_PARTY', 'INFERRED', 'UNVERIFIED']), kind: v.literal(kind), ...entries,
})
const rowsOf = <A extends v.GenericSchema, B extends v.GenericSchema>(first: A, second: B, least = 1) =>
  v.pipe(v.array(v.strictTuple([first, second])), v.minLength(least))
const kClass = v.pipe(text, v.regex(/^([1-9]|[1-8]\d|9[0-8])$/))
const factor = { factor: text, unit: text }
const kTable = v.variant('kind', [
  table('breakpoints', { ...factor, rounding: v.picklist(['up', 'half-even']), decimals, rows: rowsOf(decimal, decimal, 2) }),
  table('grades', { rows: rowsOf(v.nullable(decimal), text) }),
  v.variant('better', [
    table('classes', { ...factor, better: v.picklist(['lower', 'higher']), rows: rowsOf(v.nullable(decimal), kClass) }),
    table('classes', { ...factor, better: v.literal('within'), rows: rowsOf(v.strictTuple([decimal, decimal]), kClass) }),
  ]),
])
export type Step = v.InferOutput<typeof kStep>
export type Table = v.InferOutput<typeof kTable>
export interface Bundle extends Omit<v.InferOutput<typeof kBundle>, 'entries' | 'steps' | 'tables'> {
  entries: Map<number, Entry>
  steps: Step[]
  tables: Table[]
  /** Of a figure; undefined for a device. */
  name: FigureName | undefined
}
export function shaped<S extends v.GenericSchema>(schema: S, value: unknown, what: string): v.InferOutput<S> {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true })
  return success ? output : refuse(`${what} ${v.getDotPath(issues[0]) ?? ''}: ${issues[0].message}`.slice(0, 300))
}
const kKindFor: Record<string, string> = { interpolate: 'breakpoints', grade: 'grades', class: 'classes' }
/** The steps from which a step takes its input. */
export const inputsOf = (step: Step): number[] => ('inputs' in step ? step.inputs : 'input' in step ? [step.input] : [])
/** Limits and classes of a table ascend. */
function checkTable({ id, kind, rows }: Table): void {
  const ascend = (column: unknown[], strictly: boolean) => {
    const numbers = column.map((each) => decimalOf(each as string))
    const right = numbers.every((n, i) => i === 0 || n.gt(numbers[i - 1]!) || (!strictly && n.eq(numbers[i - 1]!)))
    demand(right, `table ${id}: the rows do not ascend`)
  }
  const [first, second] = [rows.map((row) => row[0]), rows.map((row) => row[1])]
  if (kind !== 'classes') ascend(kind === 'grades' && first.at(-1) === null ? first.slice(0, -1) : first, true)
  if (kind !== 'grades') ascend(second, kind === 'classes')
}
/** References of a step: backwards, to what is there, of the right kind. */
function checkStep(step: Step, at: number, bundle: Bundle, keys: Map<number, string | undefined>): void {
  const what = `steps[${at}]`
  const right = inputsOf(step).every((each) => each < at && (step.op !== 'main' || bundle.steps[each]!.op === 'interpolate'))
  demand(right, `${what} refers to a step that is not before it, or none of interpolate`)
  if ('table' in step) demand(bundle.tables[step.table]?.kind === kKindFor[step.op], `${what}: there is no such table`)
  if (!('entry' in step)) return
  const same = !keys.has(step.entry) || keys.get(step.entry) === step.key
  demand(bundle.entries.has(step.entry) && same, `${what}: entry ${step.entry} is not in the bundle, or is read with two keys`)
  keys.set(step.entry, step.key)
}
/** The check `format`. */
export async function readBundle(json: string, pause: Pause): Promise<Bundle> {
  const raw = shaped(kBundle, parseJson(json), 'bundle')
  const { subject, statements, figure } = raw
  const name = subject.kind === 'figure' ? readFigure(subject.figure) : undefined
  const bundle: Bundle = { ...raw, entries: new Map(), steps: [], tables: [], name }
  let last = -1
  for (const [at, pair] of raw.entries.entries()) {
    if (pause.due()) await pause.rest()
    const [index, encoded] = shaped(kEntry, pair, `entries[${at}]`)
    demand(index > last, `entries[${at}] does not ascend`)
    bundle.entries.set((last = index), readEntry(index, base64(encoded)!))
  }
  bundle.tables = raw.tables.map((each, at) => shaped(kTable, each, `tables[${at}]`))
  bundle.tables.forEach(checkTable)
  demand(new Set(bundle.tables.map((each) => each.id)).size === bundle.tables.length, 'two tables have one id')
  const keys = new Map<number, string | undefined>()
  for (const [at, each] of raw.steps.entries()) {
    if (pause.due()) await pause.rest()
    const step = shaped(kStep, each, `steps[${at}]`)
    bundle.steps.push(step)
    checkStep(step, at, bundle, keys)
    demand(name || step.op === 'field', `steps[${at}] is no field, and the subject is a device`)
  }
  const right = statements.every((each) => bundle.entries.has(each)) && new Set(statements).size === statements.length
  demand(right, 'statements are not among the entries, or one is there twice')
  const fits = subject.kind === 'figure' ? figure && figure.step < raw.steps.length
    : !figure && raw.tables.length === 0 && Date.parse(subject.from) < Date.parse(subject.to)
  demand(fits, 'the figure, tables or times do not fit the subject')
  return bundle
}
