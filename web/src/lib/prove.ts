/** What the dialog of proofs is asked to prove, as it stands in the address: the name of a figure, or `device/<MN>/<from>/<to>`. */
import type { BundleSubject } from '@/api/client'
import { formatDigits } from './figure'
import { toIso } from './time'

export const deviceProof = (mn: string, fromMs: number, toMs: number): string => `device/${encodeURIComponent(mn)}/${formatDigits(fromMs)}/${formatDigits(toMs)}`

const fromDigits = (text: string): number => Date.parse(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}T${text.slice(8, 10)}:${text.slice(10, 12)}:${text.slice(12, 14)}+08:00`)

export function subjectOf(text: string): BundleSubject {
  const parts = /^device\/([^/]*)\/(\d{14})\/(\d{14})$/.exec(text)
  if (!parts) return { figure: text }
  const [from, to] = [fromDigits(parts[2]!), fromDigits(parts[3]!)]
  if (Number.isNaN(from) || Number.isNaN(to)) return { figure: text }
  return { device: decodeURIComponent(parts[1]!), from: toIso(from), to: toIso(to) }
}
