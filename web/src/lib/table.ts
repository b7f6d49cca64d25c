import type { Cell } from './delimited'

/** A column of a DataTable. */
export interface Column<T> {
  key: string
  title: string
  /** For sorting, copying and exporting: the figure, not its decoration. */
  value: (row: T) => Cell
  /** For sorting where the value is a word with an order of its own. */
  order?: (row: T) => Cell
  /** For the screen where it differs from the value. */
  text?: (row: T) => string
  /** Why a figure is missing; shown on the dash. */
  why?: (row: T) => string | undefined
  align?: 'right'
  width?: string
  mono?: boolean
  /** Leads the row in the list of a narrow screen. */
  lead?: boolean
}

export interface Sort {
  key: string
  descending: boolean
}

/** Missing figures come last in both directions: they are no small figures. */
export function compareCells(a: Cell, b: Cell, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'zh-CN', { numeric: true })
  return descending ? -order : order
}

export function sortRows<T>(rows: readonly T[], columns: readonly Column<T>[], sort: Sort | null): readonly T[] {
  const column = sort && columns.find((candidate) => candidate.key === sort.key)
  if (!sort || !column) return rows
  return rows
    .map((row, at) => ({ row, at, cell: (column.order ?? column.value)(row) }))
    .sort((a, b) => compareCells(a.cell, b.cell, sort.descending) || a.at - b.at)
    .map(({ row }) => row)
}
