import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import type { StandardEdition, StandardRow } from '@/api/standards'
import { countRows, filterEditions, filterRows, numeric, rowKey, stateOn } from '@/lib/ruleBook'
import { columnWord, kindWord, knownKinds } from '@/lib/tableWords'

const edition = (id: string, more: Partial<StandardEdition> = {}): StandardEdition => ({
  id, title: { zh: '环境空气质量标准', en: 'Ambient air quality standards' }, jurisdiction: 'nation', valid_from: '2026-03-01', valid_to: null, in_force: true, supersedes: [], superseded_by: [], verification: 'VERIFIED',
  source: '', local: false, kinds: ['air_limits'], tables: 1, rows: 1, verified: 1, third_party: 0, inferred: 0, unverified: 0, overridden: 0, local_rows: 0, ...more,
})
const row = (cells: string[], more: Partial<StandardRow> = {}): StandardRow =>
  ({ cells, clause: 'table 1', valid_from: '2026-03-01', valid_to: null, verification: 'VERIFIED', origin: 'standards/gb/3095-2026/limits.csv:7', local: false, source: null, replaced_by: null, ...more })

describe('editions', () => {
  it('are in force from their first day to the end of their last', () => {
    const old = edition('GB 3095-2012', { valid_from: '2016-01-01', valid_to: '2026-02-28' })
    expect(stateOn(old, '2026-02-28')).toBe('inForce')
    expect(stateOn(old, '2026-03-01')).toBe('ended')
    expect(stateOn(edition('GB 3095-2026'), '2026-02-28')).toBe('future')
  })
  it('are found by number, by title in both languages and by table', () => {
    const all = [edition('GB 3095-2026'), edition('GB 3838-2002', { title: { zh: '地表水环境质量标准', en: 'Surface water' }, kinds: ['water_limits'], unverified: 2 }), edition('DB50/418-2016', { jurisdiction: '500000', local: true })]
    const every = { text: '', day: null, jurisdiction: null, only: 'all' as const }
    const ids = (filter: Partial<typeof every> | { only: 'doubtful' | 'local' }) => filterEditions(all, { ...every, ...filter }).map((each) => each.id)
    expect(ids({})).toHaveLength(3)
    expect(ids({ text: '3838' })).toEqual(['GB 3838-2002'])
    expect(ids({ text: 'water surface' })).toEqual(['GB 3838-2002'])
    expect(ids({ text: '空气 3095' })).toEqual(['GB 3095-2026'])
    expect(ids({ jurisdiction: '500000' as never })).toEqual(['DB50/418-2016'])
    expect(ids({ only: 'doubtful' })).toEqual(['GB 3838-2002'])
    expect(ids({ only: 'local' })).toEqual(['DB50/418-2016'])
    expect(ids({ day: '2020-01-01' as never })).toEqual([])
  })
})

describe('rows of a table', () => {
  it('that a local file replaced count no more, but stay in sight', () => {
    const rows = [row(['PM2.5', '35'], { replaced_by: 'local/limits.csv:3', verification: 'UNVERIFIED' }), row(['PM2.5', '30'], { local: true, origin: '/etc/mingjian/local/limits.csv:3' }), row(['SO2', '60'])]
    expect(countRows(rows)).toEqual({ verified: 2 })
    expect(filterRows({ rows }, { text: '', only: 'local' })).toHaveLength(2)
    expect(filterRows({ rows }, { text: '', only: 'doubtful' })).toEqual([])
    expect(filterRows({ rows }, { text: 'so2 TABLE', only: 'all' })).toHaveLength(1)
  })
  it('are named by file and line, a local one unlike the shipped one of the same place', () => {
    expect(rowKey(row([]))).toBe('limits.csv:7')
    expect(rowKey(row([], { local: true }))).toBe('local/limits.csv:7')
  })
  it('stand to the right where a column holds numbers only', () => {
    const rows = [row(['PM2.5', '35', '']), row(['SO2', '0.06', ''])]
    expect([0, 1, 2].map((at) => numeric(rows, at))).toEqual([false, true, false])
  })
})

describe('the words of the rule book', () => {
  const tables = (readdirSync(new URL('../../standards', import.meta.url), { recursive: true }) as string[])
    .filter((name) => name.endsWith('standard.toml'))
    .flatMap((name) => [...readFileSync(new URL(`../../standards/${name}`, import.meta.url), 'utf8').matchAll(/^\[\[table\]\]\s*kind = "(\w+)"/gm)].map(([, kind]) => kind!))
  it('name every kind of table that is shipped, and none that is not', () => {
    expect(tables.length).toBeGreaterThan(40)
    for (const kind of tables) expect(kindWord(kind, true), kind).not.toBe(kind)
    expect(knownKinds.filter((kind) => !tables.includes(kind))).toEqual([])
  })
  it('leave what they do not know as it stands', () => {
    expect(kindWord('moon_phases', true)).toBe('moon_phases')
    expect(columnWord('limit', true)).toBe('限值')
    expect(columnWord('albedo', false)).toBe('albedo')
  })
})
