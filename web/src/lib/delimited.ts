export type Cell = string | number | null

const text = (cell: Cell): string => (cell === null ? '' : String(cell))

/** Tab-separated, for pasting into a spreadsheet; tabs and line ends inside a cell become blanks. */
export function toTsv(header: string[], rows: Cell[][]): string {
  return [header, ...rows].map((row) => row.map((cell) => text(cell).replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n')
}

/**
 * CSV by RFC 4180 with a byte-order mark, because spreadsheet programs otherwise read Chinese as their local code page.
 * A text cell that a spreadsheet would run as a formula is led by an apostrophe: names come from devices.
 */
export function toCsv(header: string[], rows: Cell[][]): string {
  const quote = (cell: Cell): string => {
    let value = text(cell)
    if (typeof cell === 'string' && /^[=+\-@\t\r]/.test(value) && !/^-?[0-9.]+$/.test(value)) value = `'${value}`
    return /[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value
  }
  return '\ufeff' + [header, ...rows].map((row) => row.map(quote).join(',')).join('\r\n') + '\r\n'
}

export function download(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The click has only queued the download.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
