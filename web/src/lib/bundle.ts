/**
 * Reads an evidence bundle for showing (docs/formats/bundle.md). It judges nothing: that is the verifier's part; whatever is not as it
 * should be is left out here, so that a bundle that is refused can still be looked at.
 */
import { fromBase64 } from './bytes'

export const checkIds = [
  'format', 'keys', 'checkpoint', 'witnesses', 'timestamp', 'revocation', 'inclusion', 'sm3', 'statements', 'tables', 'derivation', 'figure',
] as const
export const operations = [
  'field', 'cell', 'time', 'scale', 'round', 'mean', 'interpolate', 'max', 'main', 'grade', 'class', 'below', 'limit', 'sum', 'difference', 'product', 'ratio', 'percentile',
  'count', 'min', 'level', 'ln', 'lg',
] as const
export type Operation = (typeof operations)[number]

/** A part of a standard that a step used. */
export interface TableView {
  id: string
  edition: string
  clause: string
  validFrom: string
  validTo: string | null
  verification: string
  factor: string
}

export interface StepView {
  at: number
  op: string
  inputs: number[]
  /** The entry whose bytes were read. */
  entry: number | null
  /** Field, factor of multiplication, number of decimals: what the operation was given besides its inputs. */
  detail: string
  table: TableView | null
  /** Where the method is said. */
  clause: string
  /** The cell of an imported file that was read. */
  cell: { file: string; line: number; column: string } | null
  result: string
}

export interface BundleView {
  subject: string
  value: string | null
  unit: string
  madeAt: string
  software: string
  entries: number
  statements: number
  /** In the order of the bundle, at most `keepSteps`. */
  steps: StepView[]
  stepCount: number
  tables: TableView[]
}

/** A device's year has tens of thousands of steps; nobody reads more than the first ones on a screen. */
export const keepSteps = 200

type Json = Record<string, unknown>
const object = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const whole = (value: unknown): number | null => (typeof value === 'number' && Number.isSafeInteger(value) ? value : null)

function readTable(value: unknown): TableView {
  const table = object(value)
  return {
    id: text(table.id), edition: text(table.edition), clause: text(table.clause), validFrom: text(table.valid_from), validTo: text(table.valid_to) || null,
    verification: text(table.verification), factor: text(table.factor),
  }
}

/** The JSON at the begin of an import entry (docs/formats/evidence-log.md §3, import.md); empty when there is none. */
function importHead(entry: string | undefined): Json {
  try {
    const bytes = fromBase64(entry ?? '')
    const device = 19 + bytes[18]!
    const payload = bytes.subarray(device + 1 + bytes[device]!)
    const end = payload.indexOf(0x0a)
    return object(JSON.parse(new TextDecoder().decode(end < 0 ? payload : payload.subarray(0, end))))
  } catch {
    return {}
  }
}
/** The name of the file of which an entry is a part. */
function fileOf(part: number | null, entries: ReadonlyMap<number, string>): string {
  const manifest = whole(importHead(entries.get(part ?? -1)).file)
  return text(importHead(entries.get(manifest ?? -1)).file)
}

function readStep(value: unknown, at: number, tables: readonly TableView[], entries: ReadonlyMap<number, string>): StepView {
  const step = object(value)
  const entry = whole(step.entry)
  const input = whole(step.input)
  const decimals = whole(step.decimals)
  const group = whole(step.group)
  const detail = [
    text(step.name) + (group !== null && group > 0 ? ` [${group}]` : ''),
    text(step.by) && (step.op === 'percentile' ? `p = ${text(step.by)}` : `× ${text(step.by)}`),
    decimals === null ? '' : String(decimals),
    text(step.above) && `${step.op === 'count' ? '≤' : '>'} ${text(step.above)}`,
    text(step.least) && `≥ ${text(step.least)}`,
  ]
  return {
    at, op: text(step.op), entry, clause: text(step.clause), table: tables[whole(step.table) ?? -1] ?? null, result: text(step.result),
    cell: step.op === 'cell' ? { file: fileOf(entry, entries), line: whole(step.line) ?? 0, column: text(step.column) } : null,
    inputs: input === null ? list(step.inputs).flatMap((each) => whole(each) ?? []) : [input], detail: detail.filter((part) => part !== '').join(' · '),
  }
}

/** Null for text that is not a JSON object. */
export function readBundle(bundle: string): BundleView | null {
  let root: unknown
  try {
    root = JSON.parse(bundle)
  } catch {
    return null
  }
  if (typeof root !== 'object' || root === null || Array.isArray(root)) return null
  const top = object(root)
  const tables = list(top.tables).map(readTable)
  const steps = list(top.steps)
  const entries = new Map(list(top.entries).map((pair) => [whole(list(pair)[0]) ?? -1, text(list(pair)[1])] as const))
  const subject = object(top.subject)
  const figure = object(top.figure)
  return {
    subject: text(subject.figure) || [text(subject.device), text(subject.from), text(subject.to)].filter((part) => part !== '').join(' '),
    value: typeof figure.value === 'string' ? figure.value : null,
    unit: text(figure.unit),
    madeAt: text(top.made_at),
    software: text(top.software),
    entries: list(top.entries).length,
    statements: list(top.statements).length,
    steps: steps.slice(0, keepSteps).map((step, at) => readStep(step, at, tables, entries)),
    stepCount: steps.length,
    tables,
  }
}
