/** Names of figures, as the contract gives them (`figure_series`), for values that stand in a chart. */
import { formatTime } from './time'

/** `20260301140000`, Beijing time; 17 digits when the time has a fraction of a second (docs/formats/bundle.md §1). */
export const formatDigits = (ms: number): string => formatTime(ms, ms % 1000 === 0 ? 'second' : 'millisecond').replace(/\D/g, '')

export const valueFigure = (series: string, atMs: number): string => `value/${series}/${formatDigits(atMs)}`
export const meanFigure = (series: string, fromMs: number, toMs: number): string => `mean/${series}/${formatDigits(fromMs)}/${formatDigits(toMs)}`

/** A file name that every system takes. */
export const fileNameOf = (subject: string): string => `${subject.replace(/[^A-Za-z0-9.-]+/g, '_').replace(/^_+|_+$/g, '')}.mjbundle.json`
