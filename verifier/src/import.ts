import * as v from 'valibot'

import { attempt, bytesOf, demand, latin1, memo, refuse, textOf, utf8 } from './bytes'
import { decimalsOf, Exact } from './decimal'
import { digitsOf, kDay, millisecondsOf } from './figure'
import { full, number, shaped, text } from './form'
import { kImport, trim, type Entry } from './packet'
const some = <S extends v.GenericSchema>(schema: S, least: number, most: number) => v.pipe(v.array(schema), v.minLength(least), v.maxLength(most))
const integer = (least: number, most: number) => v.pipe(number, v.minValue(least), v.maxValue(most))
const [word, form] = [v.pipe(text, v.regex(/^[^\0-\x1f\x7f]+$/), v.maxBytes(128)), v.pipe(text, v.regex(/^(%[YmdHMS]|[^%])*$/), v.includes('%Y'))]
const [wordOrNone, source] = [v.union([v.literal(''), word]), v.pipe(word, v.regex(/^[^/]*$/), v.maxBytes(64))]
const layout = v.strictObject({
  id: word, title: v.strictObject({ zh: text, en: text }), kind: v.literal('values'), source, element: text, st: word, factor_column: text,
  period: v.picklist(['instant', 'minute', 'hour', 'day']), station: v.strictObject({ columns: some(text, 0, 16), separator: text, constant: wordOrNone }),
  time: v.strictObject({ columns: some(text, 1, 16), formats: some(form, 1, 16), zone_minutes: integer(-840, 840), label: v.picklist(['start', 'end']),
    interval_s: integer(0, 31_622_400) }),
  status: v.strictObject({ column: text, flags: v.record(text, v.pipe(wordOrNone, v.maxBytes(8))) }), ignored: v.record(text, text), header_line: number,
  values: some(v.strictObject({ column: full, factor: word, kind: word, unit: text, stored_unit: text, shift: integer(-9, 9), station: v.optional(word),
    when: v.optional(full) }), 1, 1000),
  missing: some(text, 0, 64), below: some(full, 0, 64), columns: some(text, 0, 1000), delimiter: v.pipe(text, v.regex(/^[\0-\x7f]$/)),
})
/** import.md §`import.file` and §`import.part`, first line. */
const kManifest = v.strictObject({ kind: text, version: number, file: text, bytes: number, sha256: text, source, layout, name: text, reason: text })
const kPart = v.strictObject({ kind: text, version: number, file: number, part: integer(0, 2 ** 32 - 1), offset: number, line: integer(1, 2 ** 53) })
type Layout = v.InferOutput<typeof layout>
const inBytes = (word: string): string => latin1(utf8(word))
/** The text of a cell in UTF-8, or else GBK; U+FFFD when it is neither. Decoders read more as GBK than it is. */
function readable(cell: string): string {
  const gbk = /^(?:[\0-\x7f]|[\x81-\xfe][\x40-\x7e\x80-\xfe])*$/.test(cell) ? new TextDecoder('gbk').decode(bytesOf(cell)) : '\ufffd'
  return attempt(() => textOf(bytesOf(cell))) ?? gbk.replace(/[\ue000-\uf8ff]/g, '\ufffd')
}
/** The JSON at the begin of an import entry. */
function readHead<S extends v.GenericSchema>(schema: S, kind: string, { index, type }: Entry, head: Uint8Array): v.InferOutput<S> {
  demand(type === kImport && latin1(head).startsWith(`{"kind":"import.${kind}","version":1,`), `entry ${index} is no import.${kind}`)
  return shaped(schema, textOf(head), `entry ${index}`, true)
}
/** The cells of a record with quotation marks, and its length; undefined when one is not closed within 16 KiB. */
function readQuoted(rest: string, delimiter: string): [string[], number] | undefined {
  const mark = `\\x${delimiter.charCodeAt(0).toString(16).padStart(2, '0')}`
  const cell = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"\\r?|(?!")([^${mark}\\n]*))(${mark}|\\n|$)`, 'y')
  for (const cells: string[] = []; ;) {
    const [, quoted, plain, end] = cell.exec(rest) ?? []
    if (end === undefined || (end === '' && rest.length === 2 ** 14)) return undefined
    cells.push(quoted?.replaceAll('""', '"') ?? plain!)
    if (end !== delimiter) return [cells, cell.lastIndex]
  }
}
/** The cells of records by the lines at which they begin, undefined for what is unreadable: import.md §"How values follow" 1. */
function readRecords(bytes: string, line: number, delimiter: string) {
  const records = new Map<number, string[] | undefined>()
  for (let at = 0; at < bytes.length;) {
    const plain = bytes.slice(at, bytes.indexOf('\n', at) + 1 || bytes.length)
    const [cells, length] = !plain.includes('"') ? [plain.replace('\n', '').split(delimiter), plain.length]
      : readQuoted(bytes.slice(at, at + 2 ** 14), delimiter) ?? [undefined, plain.length]
    records.set(line, cells?.map(trim))
    line += bytes.slice(at, at + length).split('\n').length - 1
    at += length
  }
  return records
}
/** A part with the layout of its manifest. */
function readPart(entry: Entry, entries: Map<number, Entry>) {
  const [{ index, device, payload }, end] = [entry, entry.payload.indexOf(0x0a)]
  const part = readHead(kPart, 'part', entry, payload.subarray(0, end))
  const file = entries.get(part.file)
  demand(file && part.file < index, `entry ${index}: the manifest of the part is not in the bundle, before it`)
  const { layout, source, bytes } = readHead(kManifest, 'file', file, file.payload)
  const { station, time, values, columns, status, factor_column, period } = layout
  const named = [...station.columns, ...time.columns, ...values.map((each) => each.column), status.column, factor_column].filter(Boolean)
  const stations = station.columns.length || station.constant || values.every((each) => each.station)
  const bound = named.every((each) => columns.includes(each)) && values.every((each) => !each.when || factor_column) && stations
  demand(bound && (time.interval_s || period === 'instant') && layout.source === source, `entry ${part.file}: the layout is not bound to its file`)
  const inside = end >= 0 && part.offset + payload.length - end - 1 <= bytes && [device, file.device].every((each) => each === inBytes(source))
  demand(inside, `entry ${index} is no part of the file of entry ${part.file}`)
  return { layout, records: readRecords(latin1(payload.subarray(end + 1)), part.line, layout.delimiter) }
}
/** Milliseconds of the clock of the file; undefined when the text is not of the form: import.md §"How values follow" 3. */
function readTime(text: string, format: string): number | undefined {
  const fields: Record<string, string> = { m: '01', d: '01', H: '00', M: '00', S: '00' }
  const [tokens, isField] = [format.match(/%?[^]/g)!, (token?: string): boolean => token?.length === 2]
  for (const [at, token] of tokens.entries()) {
    const digits = token === '%Y' ? /^\d{4}/ : isField(tokens[at - 1]) || isField(tokens[at + 1]) ? /^\d\d/ : /^\d\d?/
    const found = isField(token) ? digits.exec(text)?.[0] : text.startsWith(token) ? token : undefined
    if (found === undefined) return undefined
    if (isField(token)) fields[token[1]!] = found.padStart(2, '0')
    text = text.slice(found.length)
  }
  const digits = ['Y', 'm', 'd', 'H', 'M', 'S'].map((field) => fields[field]).join('')
  const at = millisecondsOf(`${digits.replace(/240000$/, '000000')}000`) + (digits.endsWith('240000') ? kDay : 0)
  return text === '' && /^(19|20|21)/.test(digits) && !Number.isNaN(at) ? at : undefined
}
/** A number as it is stored: as it stands, or with its point moved. */
function readNumber(cell: string, shift: number): string | undefined {
  const [, sign, digits, exponent] = /^([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?$/.exec(cell) ?? []
  const move = shift + Number(exponent ?? 0)
  if (digits === undefined || digits.length > 40 || Math.abs(move - shift) > 18) return undefined
  if (exponent === undefined && move === 0) return cell
  return (sign === '-' ? '-' : '') + new Exact(digits).shiftedBy(move).toFixed(Math.max(0, decimalsOf(digits) - move))
}
/** The text that is stored of a cell; undefined when it holds no value: import.md §"How values follow" 5. */
function readValue(cell: string, { missing, below }: Layout, shift: number): string | undefined {
  if (cell === '' || missing.includes(cell)) return undefined
  const limits = below.map((mark) => {
    if (cell === mark && utf8(mark).length > 1 && mark !== '＜') return cell
    const [before, after] = [cell.startsWith(mark), cell.endsWith(mark)]
    const limit = before || after ? readNumber(trim(before ? cell.slice(mark.length) : cell.slice(0, -mark.length)), shift) : undefined
    return limit === undefined ? undefined : before ? mark + limit : limit + mark
  })
  return readNumber(cell, shift) ?? limits.find((each) => each !== undefined)
}
const partOf = memo(readPart)
/** What a cell of an imported file says, and of what and when: bundle.md §3.2. */
export function readCell(entry: Entry, line: number, column: string, entries: Map<number, Entry>) {
  const { layout, records } = partOf(entry, entries)
  const { station, time, status, source, st, period } = layout
  const [what, cells] = [`line ${line} of entry ${entry.index}`, line > layout.header_line ? records.get(line) : undefined]
  demand(cells?.length === layout.columns.length, `${what} is no row`)
  const cell = (name: string): string => (name && readable(cells[layout.columns.indexOf(name)]!))
  const named = layout.values.filter((each) => each.column === column)
  const of = named.find((each) => (each.when ?? '') === cell(layout.factor_column))
  demand(of && new Set(named.map((each) => each.when)).size === named.length, `${what}: the column ${column} is not one of values`)
  const at = time.formats.map((format) => readTime(time.columns.map(cell).join(' '), format)).find((each) => each !== undefined)
  demand(at !== undefined, `${what} has no time`)
  const codes = station.columns.map(cell)
  const own = of.station ?? (codes.length ? codes.join(station.separator) : station.constant)
  demand(of.station || !codes.length || (codes.some(Boolean) && utf8(own).length <= 128 && !/[\0-\x1f\ufffd]/.test(own)), `${what} has no station`)
  demand(cell(status.column) === '' || Object.hasOwn(status.flags, cell(status.column)), `${what} has an unknown state`)
  const value = readValue(cell(column), layout, of.shift) ?? refuse(`${what} holds no value in column ${column}`)
  const start = at - time.zone_minutes * 60_000 - (time.label === 'end' ? time.interval_s * 1000 : 0)
  const [device, field, cn] = [inBytes(`${source}/${own}`), inBytes(`${of.factor}-${of.kind}`), { instant: '2011', minute: '2051', hour: '2061', day: '2031' }[period]]
  return { text: value, device, st: inBytes(st), cn, field, time: digitsOf(start + 8 * 3_600_000) }
}
