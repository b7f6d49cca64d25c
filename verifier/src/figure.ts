import { demand, latin1, utf8 } from './bytes'
export const kDay = 86_400_000
/** A packet's or figure's time as comparable text. */
export const filled = (digits: string): string => digits.padEnd(17, '0')
/** Milliseconds of a clock that shows `YYYYMMDDhhmmssmmm`, NaN for no time of the calendar; and back. */
export function millisecondsOf(digits: string): number {
  const iso = digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/, '$1-$2-$3T$4:$5:$6.$7Z')
  const at = iso.startsWith('0000') ? Number.NaN : Date.parse(iso)
  return Number.isNaN(at) || new Date(at).toISOString() !== iso ? Number.NaN : at
}
export const digitsOf = (at: number): string => new Date(at).toISOString().replace(/\D/g, '')
export const inCalendar = (digits: string): boolean => !Number.isNaN(millisecondsOf(digits))
/** A time as it is written in bundles, events and key statements: `2026-11-22T10:00:00.500+08:00`, no milliseconds when they are zero. */
export const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(?!000)\d{3})?\+08:00$/.test(text) && inCalendar(filled(text.slice(0, -6).replace(/\D/g, '')))
/** Parts and times of the names of figures; of those made by evaluation the days of data before and behind their period. */
const kForms: Record<string, [number, number, number?, number?]> = { value: [5, 1], mean: [5, 2], aqi: [1, 1], 'water-class': [1, 1], result: [4, 2, 366, 1], statistic: [5, 2, 0, 0], appraisal: [3, 2, 1098, 1] }
/** A byte that is no printable ASCII, `/` or `%` is written %XX, and no other. */
const kPart = /^(?:[!-$&-.0-~]|%(?:[01][0-9A-F]|2[05F]|7F|[89A-F][0-9A-F]))+$/
/** The name of a published figure 数据编号: bundle.md §1. Parts are bytes, one character each; `subject` is the MN or the point; times have 17 digits. */
export function readFigure(text: string) {
  const [kind = '', ...parts] = text.split('/')
  const [names, times, back, behind = 0] = Object.hasOwn(kForms, kind) ? kForms[kind]! : [0, 0]
  demand(times && parts.length === names + times && parts.every((part) => kPart.test(part)), `"${text.slice(0, 200)}" is no name of a figure`)
  const [from = '', to = ''] = parts.splice(-times).map((digits) => {
    demand(/^\d{14}((?!000)\d{3})?$/.test(digits) && inCalendar(filled(digits)), `${digits} is no time`)
    return filled(digits)
  })
  demand(times === 1 || from < to, 'the figure is of a time whose begin is not before its end')
  const [subject = '', st = '', cn = '', factor = '', valueKind = ''] = parts.map((part) => latin1(utf8(decodeURIComponent(part))))
  const reach = back === undefined ? undefined : [millisecondsOf(from) - back * kDay, millisecondsOf(to) + (behind * kDay || -1)].map(digitsOf)
  return { kind, subject, st, cn, field: `${factor}-${valueKind}`, from, to, reach }
}
export type FigureName = ReturnType<typeof readFigure>
