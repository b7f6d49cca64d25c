/**
 * From the table of a command to a form and back to the parameters of an order: pure, so that the rules of the standard's types
 * (C characters, N digits, times) can be tested without a page.
 */
import type { Command, CommandField, OrderParameter } from '@/api/client'

/** One input of the form. `factor` is what stands before the dash for keys that any factor may have. */
export interface Entry {
  id: number
  field: CommandField
  factor: string
  value: string
}

export type Fault =
  | { kind: 'required' | 'number' | 'time' | 'choice' | 'factor' | 'separator' | 'key' }
  | { kind: 'length' | 'digits' | 'decimals' | 'min' | 'max'; limit: number }

/** The moment of sending, filled in by the server when the frame is written. */
export const atSending = '@now'
/** A key that was entered before, by its decision: the key itself never stands in an order. */
export const keyOfDecision = (entry: number): string => `@key:${entry}`
/** The two fields that a key decision fills in. */
export const isOfKey = (field: CommandField): boolean => field.key === 'NewSK' || field.key === 'SKCreateTime'

/** `*-LowValue` is a key of any factor, `i*-Info` one of any code that begins with i. */
export const isWild = (field: CommandField): boolean => field.key.includes('*')
const around = (field: CommandField): { before: string; after: string } => {
  const at = field.key.indexOf('*')
  return { before: field.key.slice(0, at), after: field.key.slice(at + 1) }
}
export const keyOf = (entry: Pick<Entry, 'field' | 'factor'>): string => (isWild(entry.field) ? `${entry.factor}${around(entry.field).after}` : entry.field.key)

/** A time of the standard: 14 digits, or 17 with milliseconds. */
export const isTime = (field: CommandField): boolean => field.type.form === 'time'

/** `20260301140000` to what an input for date and time holds: `2026-03-01T14:00:00`; empty when it is no such time. */
export function toInput(digits: string): string {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})/.exec(digits)
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}` : ''
}

/** `2026-03-01T14:00` or with seconds to the digits of a frame; both are Beijing time, so nothing is converted. */
export function fromInput(text: string, digits = 14): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?/.exec(text)
  if (!parts) return ''
  return `${parts.slice(1, 6).join('')}${parts[6] ?? '00'}`.padEnd(digits, '0').slice(0, digits)
}

/** Whether 14 or more digits name a time of the calendar (20260230… does not). */
export function isCalendarTime(digits: string): boolean {
  const input = toInput(digits)
  if (!/^\d{14,17}$/.test(digits) || input === '') return false
  const ms = Date.parse(`${input}Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 19) === input
}

/** What keeps an entry from being sent; null when nothing does. An empty optional entry is left out and has no fault. */
export function faultOf(entry: Entry): Fault | null {
  const { field } = entry
  const value = entry.value.trim()
  if (value === '') return field.required ? { kind: 'required' } : null
  if (isWild(field) && !(/^[A-Za-z0-9]{3,8}$/.test(entry.factor.trim()) && entry.factor.trim().startsWith(around(field).before))) return { kind: 'factor' }
  if (field.key === 'NewSK') return /^@key:\d+$/.test(value) ? null : { kind: 'key' }
  if (value.startsWith('@')) return null
  if (field.one_of.length > 0) return field.one_of.includes(value) ? null : { kind: 'choice' }
  // Nothing can be escaped in a data area: these four would end the value.
  if (!/^\/\/.*\/\/$/s.test(value) && /[;,=]|&&/.test(value)) return { kind: 'separator' }
  const { form, length, decimals } = field.type
  if (form === 'time') return isCalendarTime(value) && value.length === (length || 14) ? null : { kind: 'time' }
  if (form === 'characters') return length > 0 && value.length > length ? { kind: 'length', limit: length } : null
  if (form === 'number') {
    const parts = /^-?(\d+)(?:\.(\d+))?$/.exec(value)
    if (!parts) return { kind: 'number' }
    // A bare N limits nothing.
    if (length > 0 && parts[1]!.length > length) return { kind: 'digits', limit: length }
    if (length > 0 && (parts[2]?.length ?? 0) > decimals) return { kind: 'decimals', limit: decimals }
  }
  if (form === 'number' || form === 'any') {
    const number = Number(value)
    if (field.min !== null && number < field.min) return { kind: 'min', limit: field.min }
    if (field.max !== null && number > field.max) return { kind: 'max', limit: field.max }
  }
  return null
}

let nextId = 1
export const newEntry = (field: CommandField, value = '', factor = ''): Entry => ({ id: nextId++, field, factor, value })

/**
 * The inputs of a command, filled with `given` where a key fits. A field that may be repeated has one input more than given
 * values only when none was given; people add further ones.
 */
export function entriesOf(command: Pick<Command, 'fields'>, given: readonly OrderParameter[] = []): Entry[] {
  return command.fields.flatMap((field) => {
    const own = given.flatMap(({ name, value }) => {
      if (!isWild(field)) return name === field.key ? [newEntry(field, value)] : []
      const { before, after } = around(field)
      const plain = command.fields.some((other) => other.key === name)
      return !plain && name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length ? [newEntry(field, value, name.slice(0, -after.length))] : []
    })
    if (own.length === 0) return [newEntry(field, field.one_of.length === 1 && field.required ? field.one_of[0] : '')]
    return field.repeatable ? own : own.slice(0, 1)
  })
}

/** The parameters of the order, in the order of the table, what belongs to one factor together; empty inputs are left out. */
export function parametersOf(entries: readonly Entry[]): OrderParameter[] {
  const filled = entries.map((entry) => ({ ...entry, factor: entry.factor.trim(), value: entry.value.trim() })).filter((entry) => entry.value !== '')
  const place = new Map<Entry, number>()
  filled.forEach((entry, at) => place.set(entry, isWild(entry.field) ? filled.findIndex((other) => isWild(other.field) && other.factor === entry.factor) : at))
  return filled.sort((a, b) => place.get(a)! - place.get(b)!).map((entry) => ({ name: keyOf(entry), value: entry.value }))
}

/** The parameters of a data area as the standard prints it as an example. */
export function readExample(area: string): OrderParameter[] {
  return area.split(/[;,]/).flatMap((item) => {
    const at = item.indexOf('=')
    return at > 0 ? [{ name: item.slice(0, at).trim(), value: item.slice(at + 1).trim() }] : []
  })
}

/** After an input changed: the value of an info code belongs to the code that was named just before. */
export function follow(entries: readonly Entry[], changed: Entry): Entry[] {
  const before = entries.find((entry) => entry.id === changed.id)
  return entries.map((entry) => {
    if (entry.id === changed.id) return changed
    const follows = changed.field.key === 'InfoId' && isWild(entry.field) && (entry.factor === '' || entry.factor === before?.value)
    return follows ? { ...entry, factor: changed.value } : entry
  })
}

/** A range that ends before it begins asks for nothing. */
export function rangeFault(entries: readonly Entry[]): boolean {
  const value = (key: string): string | undefined => entries.find((entry) => entry.field.key === key)?.value
  const [begin, end] = [value('BeginTime'), value('EndTime')]
  return begin !== undefined && end !== undefined && isCalendarTime(begin) && isCalendarTime(end) && end < begin
}

/** Commands by code or by a word of their name in either language; a code that begins with the text comes first. */
export function findCommands(commands: readonly Command[], text: string): Command[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return [...commands]
  const rank = (command: Command): number =>
    command.cn.startsWith(wanted) ? 0 : [command.name.zh, command.name.en].some((name) => name.toLowerCase().includes(wanted)) ? 1 : command.cn.includes(wanted) ? 2 : -1
  return commands
    .map((command) => ({ command, rank: rank(command) }))
    .filter((found) => found.rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .map(({ command }) => command)
}

/** The allowed range as it stands beside an input: `30–3600 s`. */
export function rangeText(field: CommandField): string {
  const unit = field.unit ? `\u2009${field.unit}` : ''
  if (field.min !== null && field.max !== null) return `${field.min}–${field.max}${unit}`
  if (field.min !== null) return `≥ ${field.min}${unit}`
  if (field.max !== null) return `≤ ${field.max}${unit}`
  return field.unit
}
