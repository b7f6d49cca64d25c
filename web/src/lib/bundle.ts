/**
 * Reads an evidence bundle for showing (docs/formats/bundle.md). It judges nothing: that is the verifier's part; whatever is not as it
 * should be is left out here, so that a bundle that is refused can still be looked at.
 */
export const checkIds = [
  'format', 'keys', 'checkpoint', 'witnesses', 'timestamp', 'revocation', 'inclusion', 'sm3', 'statements', 'tables', 'derivation', 'figure',
] as const
export const operations = ['field', 'time', 'scale', 'round', 'mean', 'interpolate', 'max', 'main', 'grade', 'class'] as const
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

function readStep(value: unknown, at: number, tables: readonly TableView[]): StepView {
  const step = object(value)
  const input = whole(step.input)
  const decimals = whole(step.decimals)
  const group = whole(step.group)
  const detail = [
    text(step.name) + (group !== null && group > 0 ? ` [${group}]` : ''),
    text(step.by) && `× ${text(step.by)}`,
    decimals === null ? '' : String(decimals),
    text(step.above) && `> ${text(step.above)}`,
    text(step.least) && `≥ ${text(step.least)}`,
  ]
  return {
    at, op: text(step.op), entry: whole(step.entry), table: tables[whole(step.table) ?? -1] ?? null, result: text(step.result),
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
    steps: steps.slice(0, keepSteps).map((step, at) => readStep(step, at, tables)),
    stepCount: steps.length,
    tables,
  }
}
