import { describe, expect, it } from 'vitest'

import type { PointSummary } from '@/api/client'
import { hexDump, indexOf } from '@/lib/bytes'
import { cluster } from '@/lib/cluster'
import { toCsv, toTsv } from '@/lib/delimited'
import { find } from '@/lib/find'
import { sortRows, type Column } from '@/lib/table'

describe('exporting', () => {
  it('quotes what CSV needs quoted and begins with a byte-order mark', () => {
    expect(toCsv(['a', 'b'], [['x,"y"', 1], ['z', null]])).toBe('\ufeffa,b\r\n"x,""y""",1\r\nz,\r\n')
  })
  it('does not hand a spreadsheet a formula that came from a device', () => {
    expect(toCsv(['a'], [['=1+1'], ['@x'], ['-3.5'], [-2]])).toBe("\ufeffa\r\n'=1+1\r\n'@x\r\n-3.5\r\n-2\r\n")
  })
  it('keeps one row a line when copying', () => {
    expect(toTsv(['a', 'b'], [['x\ty\nz', 1]])).toBe('a\tb\nx y z\t1')
  })
})

describe('sorting', () => {
  const columns: Column<{ v: number | null }>[] = [{ key: 'v', title: 'v', value: (row) => row.v }]
  const rows = [{ v: 3 }, { v: null }, { v: 10 }, { v: 1 }]
  it('puts missing figures last in both directions', () => {
    expect(sortRows(rows, columns, { key: 'v', descending: false }).map((row) => row.v)).toEqual([1, 3, 10, null])
    expect(sortRows(rows, columns, { key: 'v', descending: true }).map((row) => row.v)).toEqual([10, 3, 1, null])
  })
  it('leaves the order of the server without a column', () => {
    expect(sortRows(rows, columns, null)).toBe(rows)
  })
})

describe('searching', () => {
  const point = (id: string, zh: string, device: string): PointSummary => ({ id, name: { zh, en: id }, device }) as PointSummary
  const points = [point('air-1', '天生', 'MN100'), point('water-1', '长江 寸滩', 'MN200')]
  it('finds by name, id and MN, names that begin with the text first', () => {
    expect(find('寸滩', points, 0)).toMatchObject([{ kind: 'point', point: { id: 'water-1' } }])
    expect(find('100', points, 0)).toMatchObject([{ point: { id: 'air-1' } }, { kind: 'device', mn: 'MN100' }])
  })
  it('means by an MN the device, whether a point names it or only the server knows it', () => {
    expect(find('mn100', points, 0)[0]).toMatchObject({ kind: 'device', mn: 'MN100', point: { id: 'air-1' } })
    expect(find('mn2', points, 0, [{ mn: 'MN200', point: null }, { mn: 'MN299', point: null }]).filter((hit) => hit.kind === 'device')).toMatchObject([{ mn: 'MN200', point: { id: 'water-1' } }, { mn: 'MN299', point: null }])
    expect(find('mn', points, 0).some((hit) => hit.kind === 'device')).toBe(false)
  })
  it('offers a frame of that number only when the log has it', () => {
    expect(find('41', points, 42)).toEqual([{ kind: 'frame', entry: 41 }])
    expect(find('42', points, 42)).toEqual([])
  })
})

describe('bytes', () => {
  it('are shown sixteen a line with what is printable', () => {
    expect(hexDump(new TextEncoder().encode('##0008QN=1;\r\n中'))).toEqual([
      { offset: '0000', hex: [...'2323303030 38514e3d313b0d0ae4b8ad'.replace(/ /g, '').matchAll(/../g)].map(([pair]) => pair), text: '##0008QN=1;·····' },
    ])
  })
  it('are found inside others', () => {
    expect(indexOf(Uint8Array.of(1, 1, 2, 3), Uint8Array.of(1, 2))).toBe(1)
    expect(indexOf(Uint8Array.of(1, 2), Uint8Array.of(2, 1))).toBe(-1)
  })
})

describe('clustering', () => {
  it('groups what falls together and loses nothing', () => {
    const groups = cluster([{ item: 'a', x: 1, y: 1 }, { item: 'b', x: 3, y: 5 }, { item: 'c', x: 100, y: 1 }], 44)
    expect(groups).toEqual([{ x: 2, y: 3, items: ['a', 'b'] }, { x: 100, y: 1, items: ['c'] }])
  })
})
