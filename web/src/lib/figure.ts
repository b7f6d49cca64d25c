/** Names of figures, as the contract gives them (`figure_series`), for values that stand in a chart. */
import { formatTime } from './time'

/** `20260301140000`, Beijing time; 17 digits when the time has a fraction of a second (docs/formats/bundle.md §1). */
export const formatDigits = (ms: number): string => formatTime(ms, ms % 1000 === 0 ? 'second' : 'millisecond').replace(/\D/g, '')

export const valueFigure = (series: string, atMs: number): string => `value/${series}/${formatDigits(atMs)}`
export const meanFigure = (series: string, fromMs: number, toMs: number): string => `mean/${series}/${formatDigits(fromMs)}/${formatDigits(toMs)}`

/** Parts of the name of a value, decoded, for showing beside its button; null for any other name. */
export function readValueFigure(figure: string): { device: string; factor: string; kind: string; at: string } | null {
  const parts = /^value\/([^/]+)\/[^/]+\/[^/]+\/([^/]+)\/([^/]+)\/(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(figure)
  if (!parts) return null
  const [, device, factor, kind, year, month, day, hour, minute, second] = parts
  try {
    return {
      device: decodeURIComponent(device!), factor: decodeURIComponent(factor!), kind: decodeURIComponent(kind!),
      at: `${year}-${month}-${day} ${hour}:${minute}${second === '00' ? '' : `:${second}`}`,
    }
  } catch {
    return null
  }
}

/** A file name that every system takes. */
export const fileNameOf = (subject: string): string => `${subject.replace(/[^A-Za-z0-9.-]+/g, '_').replace(/^_+|_+$/g, '')}.mjbundle.json`
