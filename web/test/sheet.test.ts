import { describe, expect, it } from 'vitest'

import type { CalculationSheet } from '@/api/evaluation'
import { toCsv } from '@/lib/delimited'
import { clauseEdition, sheetTable } from '@/lib/sheet'

const words = { step: 'Step', input: 'Input', figure: 'Result', used: 'used', notUsed: 'not used', standard: 'Standard' }
const sheet = {
  subject: { id: 'air-1416A', kind: 'point', name: { zh: '天生', en: 'Tiansheng' }, region: '500109', lon: null, lat: null },
  indicator: 'aqi', period: 'day', at: '2026-03-01', figure: { text: '96', number: 96 }, unit: '', grade: null, standard: 'HJ 633-2026; GB 3095-2026', verification: 'VERIFIED', complete: true, reason: null,
  steps: [{ title: { zh: 'PM2.5 分指数', en: 'IAQI of PM2.5' }, formula: '(115 − 60) / (120 − 60) × (100 − 50) + 50', result: '96', unit: '', clause: 'HJ 633-2026 §4.2', verification: 'VERIFIED' }],
  inputs: [
    { label: 'PM2.5', at: '2026-03-01T00', text: '115', unit: 'µg/m³', flag: 'N', used: true, reason: null, entry: 7, subject: null, indicator: null, period: null, prove: null },
    { label: 'PM2.5', at: '2026-03-01T01', text: '', unit: 'µg/m³', flag: 'D', used: false, reason: 'fault', entry: null, subject: null, indicator: null, period: null, prove: null },
  ],
  prove: null,
} as CalculationSheet

describe('a calculation sheet', () => {
  it('is carried away whole: figure, steps with clause, inputs with evidence; what is missing stays empty', () => {
    const [header, rows] = sheetTable(sheet, (both) => both.en, words)
    expect(rows.map((row) => row.length)).toEqual([header.length, header.length, header.length, header.length])
    expect(rows[1]).toEqual(['Step', 1, 'IAQI of PM2.5', null, '(115 − 60) / (120 − 60) × (100 − 50) + 50', '96', '', null, null, 'HJ 633-2026 §4.2', 'VERIFIED', null])
    expect(rows[3]).toEqual(['Input', 2, 'PM2.5', '2026-03-01T01', null, null, 'µg/m³', 'D', 'not used: fault', null, null, null])
    expect(toCsv(header, rows).trim().split('\r\n')).toHaveLength(5)
  })
  it('leads each clause to its own edition', () => {
    expect(clauseEdition('HJ 633-2026 §4.2', sheet.standard)).toBe('HJ 633-2026')
    expect(clauseEdition('HJ 633-20261 §4', sheet.standard)).toBeNull()
    expect(clauseEdition('GB/T 8170-2008 §3', sheet.standard)).toBe('GB/T 8170-2008')
    expect(clauseEdition('环办〔2011〕22号 §2', '环办〔2011〕22号')).toBe('环办〔2011〕22号')
    expect(clauseEdition('', sheet.standard)).toBeNull()
  })
})
