/** What the Standards screens do with editions and rows: pure. */
import type { StandardEdition, StandardRow, StandardTable } from '@/api/standards'
import type { Verification } from './verification'

export type EditionState = 'inForce' | 'ended' | 'future'

/** Days are compared as `YYYY-MM-DD`; the last day still counts. */
export function stateOn(edition: Pick<StandardEdition, 'valid_from' | 'valid_to'>, day: string): EditionState {
  if (edition.valid_from > day) return 'future'
  return edition.valid_to !== null && edition.valid_to < day ? 'ended' : 'inForce'
}

export const countsOf = (edition: Pick<StandardEdition, 'verified' | 'third_party' | 'inferred' | 'unverified'>): Partial<Record<Verification, number>> => ({
  verified: edition.verified, third_party: edition.third_party, inferred: edition.inferred, unverified: edition.unverified,
})

/** Rows that count (a replaced one does not), by their state. */
export function countRows(rows: readonly Pick<StandardRow, 'verification' | 'replaced_by'>[]): Partial<Record<Verification, number>> {
  const found: Partial<Record<Verification, number>> = {}
  for (const { verification, replaced_by: by } of rows) {
    if (by !== null) continue
    const key = verification.toLowerCase() as Verification
    found[key] = (found[key] ?? 0) + 1
  }
  return found
}

export interface EditionFilter {
  text: string
  day: string | null
  jurisdiction: string | null
  only: 'all' | 'doubtful' | 'local'
}

export function filterEditions(editions: readonly StandardEdition[], filter: EditionFilter): StandardEdition[] {
  const words = filter.text.trim().toLowerCase().split(/\s+/).filter((word) => word !== '')
  return editions.filter((edition) => {
    const text = `${edition.id} ${edition.title.zh} ${edition.title.en} ${edition.kinds.join(' ')}`.toLowerCase()
    return (
      words.every((word) => text.includes(word)) &&
      (filter.day === null || stateOn(edition, filter.day) === 'inForce') &&
      (filter.jurisdiction === null || edition.jurisdiction === filter.jurisdiction) &&
      (filter.only === 'all' || (filter.only === 'doubtful' ? edition.unverified > 0 : edition.local || edition.local_rows > 0 || edition.overridden > 0))
    )
  })
}

/** `limits.csv:12`: the place of a row, short enough for an address, the same as long as the file is. */
export const rowKey = (row: Pick<StandardRow, 'origin' | 'local'>): string => `${row.local ? 'local/' : ''}${row.origin.split('/').pop() ?? row.origin}`

export interface RowFilter {
  text: string
  only: 'all' | 'doubtful' | 'local'
}

export function filterRows(table: Pick<StandardTable, 'rows'>, filter: RowFilter): StandardRow[] {
  const words = filter.text.trim().toLowerCase().split(/\s+/).filter((word) => word !== '')
  return table.rows.filter((row) => {
    const text = `${row.cells.join(' ')} ${row.clause}`.toLowerCase()
    return words.every((word) => text.includes(word)) && (filter.only === 'all' || (filter.only === 'doubtful' ? row.verification === 'UNVERIFIED' && row.replaced_by === null : row.local || row.replaced_by !== null))
  })
}

/** Columns that hold numbers stand to the right. */
export function numeric(rows: readonly Pick<StandardRow, 'cells'>[], at: number): boolean {
  let any = false
  for (const { cells } of rows) {
    const cell = cells[at] ?? ''
    if (cell === '') continue
    if (!/^[−-]?\d+(\.\d+)?$/.test(cell)) return false
    any = true
  }
  return any
}
