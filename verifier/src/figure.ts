import { demand } from './bytes'

/** A packet's or figure's time as comparable text. */
export const filled = (digits: string): string => digits.padEnd(17, '0')
/** True for a day and time of the calendar, `YYYYMMDDhhmmssmmm`. */
export function inCalendar(digits: string): boolean {
  const iso = digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/, '$1-$2-$3T$4:$5:$6.$7Z')
  return !iso.startsWith('0000') && !Number.isNaN(Date.parse(iso)) && new Date(iso).toISOString() === iso
}
/** A time as it is written in bundles, events and key statements: `2026-11-22T10:00:00.500+08:00`, no milliseconds when they are zero. */
export function isTime(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.((?!000)\d{3}))?\+08:00$/.exec(text)
  return match !== null && inCalendar(filled(match.slice(1).join('')))
}
/** The name of a published figure 数据编号: bundle.md §1. `subject` is the MN or the point, `to` (exclusive) only of a mean; times have 17 digits. */
export function readFigure(text: string) {
  const [kind = '', ...parts] = text.split('/')
  const times = { value: 1, mean: 2, aqi: 1, 'water-class': 1 }[kind]
  const series = kind === 'value' || kind === 'mean'
  const formed = times && parts.length === (series ? 5 : 1) + times && parts.every((part) => /^[\x21-\x7e]+$/.test(part))
  demand(formed, `"${text.slice(0, 200)}" is no name of a figure`)
  const [from = '', to = ''] = parts.splice(-times).map((digits) => {
    demand(/^\d{14}((?!000)\d{3})?$/.test(digits) && inCalendar(filled(digits)), `${digits} is no time`)
    return filled(digits)
  })
  demand(times === 1 || from < to, 'the figure is of a time whose begin is not before its end')
  const [subject = '', st = '', cn = '', factor = '', valueKind = ''] = parts
  return { kind, subject, st, cn, field: `${factor}-${valueKind}`, from, to }
}
export type FigureName = ReturnType<typeof readFigure>
