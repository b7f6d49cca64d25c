import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { en } from '@/i18n/en'
import { checkIds, keepSteps, operations, readBundle } from '@/lib/bundle'
import { fileNameOf, formatDigits, meanFigure, readValueFigure, valueFigure } from '@/lib/figure'
import { deviceProof, subjectOf } from '@/lib/prove'
import { verify } from '@/lib/verifier'

const ms = (iso: string): number => Date.parse(iso)

describe('the name of a figure', () => {
  it('is that of docs/formats/bundle.md §1: Beijing time, fourteen digits, seventeen with a fraction of a second', () => {
    expect(valueFigure('M1/32/2011/w01018/Rtd', ms('2026-03-01T06:00:00Z'))).toBe('value/M1/32/2011/w01018/Rtd/20260301140000')
    expect(meanFigure('M1/32/2061/w01018/Avg', ms('2026-02-28T16:00:00Z'), ms('2026-03-01T16:00:00Z'))).toBe('mean/M1/32/2061/w01018/Avg/20260301000000/20260302000000')
    expect(formatDigits(ms('2026-03-01T06:00:00.250Z'))).toBe('20260301140000250')
  })
  it('is taken apart for showing, also that of a station of an imported file', () => {
    expect(readValueFigure('value/cnemc%2F%E4%B8%80%E5%8F%B7/22/2061/a34004/Avg/20260312000000')).toEqual({ device: 'cnemc/一号', factor: 'a34004', kind: 'Avg', at: '2026-03-12 00:00' })
    expect(readValueFigure('value/M1/32/2011/w01018/Rtd/20260301140005250')).toMatchObject({ device: 'M1', at: '2026-03-01 14:00:05' })
    for (const other of ['mean/M1/32/2061/w01018/Avg/20260301000000/20260302000000', 'value/%FF/32/2011/w01018/Rtd/20260301140000', '']) expect(readValueFigure(other)).toBeNull()
  })
  it('becomes a file name without any character that a system may refuse', () => {
    expect(fileNameOf('value/M1/32/2011/w01018/Rtd/20260301140000')).toBe('value_M1_32_2011_w01018_Rtd_20260301140000.mjbundle.json')
    expect(fileNameOf('device/a%20b/../x')).toMatch(/^[A-Za-z0-9._-]+$/)
  })
})

describe('what is to be proved', () => {
  it('is a figure, or a device over a time, and comes back from the address as it went', () => {
    expect(subjectOf('aqi/air-1/20260301140000')).toEqual({ figure: 'aqi/air-1/20260301140000' })
    expect(subjectOf(deviceProof('A/1 ü', ms('2026-03-01T00:00:00+08:00'), ms('2026-03-02T00:00:00+08:00')))).toEqual({ device: 'A/1 ü', from: '2026-03-01T00:00:00+08:00', to: '2026-03-02T00:00:00+08:00' })
  })
  it('is left to the server to refuse when it is neither', () => {
    expect(subjectOf('device/A/1/2')).toEqual({ figure: 'device/A/1/2' })
    expect(subjectOf('device/A/20261399000000/20261399000001')).toEqual({ figure: 'device/A/20261399000000/20261399000001' })
  })
})

describe('a bundle read for showing', () => {
  const bundle = {
    format: 'mingjian-evidence-bundle', version: 1, made_at: '2026-03-01T15:00:00+08:00', software: '0.1.0', subject: { kind: 'figure', figure: 'aqi/p/20260301140000' },
    entries: [[7, 'AA==']], statements: [], figure: { value: '50', unit: '', step: 3 },
    tables: [{ id: 't', edition: 'HJ 633-2026', clause: 'table 1', valid_from: '2026-03-01', valid_to: null, verification: 'VERIFIED', kind: 'breakpoints', factor: 'a34004' }],
    steps: [
      { op: 'field', entry: 7, name: 'a34004-Avg', group: 1, result: '35.4' }, { op: 'round', input: 0, decimals: 0, result: '35' },
      { op: 'interpolate', input: 1, table: 0, result: '50' }, { op: 'max', inputs: [2], least: '0', result: '50' },
    ],
  }
  it('names every step with what it was given and the part of the standard', () => {
    const view = readBundle(JSON.stringify(bundle))!
    expect(view.steps.map((step) => [step.op, step.inputs, step.entry, step.detail, step.table?.edition ?? null, step.result])).toEqual([
      ['field', [], 7, 'a34004-Avg [1]', null, '35.4'], ['round', [0], null, '0', null, '35'], ['interpolate', [1], null, '', 'HJ 633-2026', '50'], ['max', [2], null, '≥ 0', null, '50'],
    ])
    expect(view).toMatchObject({ subject: 'aqi/p/20260301140000', value: '50', entries: 1, stepCount: 4 })
  })
  it('says of a cell which line and column of which file it is, and of a step where its method is said', () => {
    const entry = (payload: string): string => btoa(String.fromCharCode(1, 7, ...new Array(16).fill(0), 0, 5) + 'cnemc' + payload)
    const entries = [[3, entry('{"kind":"import.file","version":1,"file":"day.csv"}')], [4, entry('{"kind":"import.part","version":1,"file":3,"part":0,"offset":0,"line":1}\na,b\n1,2\n')]]
    const steps = [
      { op: 'cell', entry: 4, line: 2, column: 'b', result: '2' }, { op: 'percentile', inputs: [0], by: '0.9', decimals: 1, result: '2.0', clause: 'HJ 663-2013 A.6' },
      { op: 'count', inputs: [0], above: '75', result: '1' }, { op: 'cell', entry: 9, line: 1, column: 'b', result: '' },
    ]
    const view = readBundle(JSON.stringify({ ...bundle, entries, steps }))!
    expect(view.steps.map(({ cell }) => cell)).toEqual([{ file: 'day.csv', line: 2, column: 'b' }, null, null, { file: '', line: 1, column: 'b' }])
    expect(view.steps.map(({ detail, clause }) => [detail, clause])).toEqual([['', ''], ['p = 0.9 · 1', 'HJ 663-2013 A.6'], ['≤ 75', ''], ['', '']])
  })
  it('shows the first steps of many', () => {
    const steps = Array.from({ length: 1000 }, () => bundle.steps[0])
    expect(readBundle(JSON.stringify({ ...bundle, steps }))).toMatchObject({ stepCount: 1000, steps: { length: keepSteps } })
  })
  it('is nothing for what is no object, and bears anything that is', () => {
    for (const text of ['', 'x', '[]', 'null', '1']) expect(readBundle(text)).toBeNull()
    for (const odd of [{}, { steps: 5, tables: {}, entries: 'x', subject: null, figure: [] }, { steps: [null, 3, { input: 'a', inputs: ['b', 1.5], table: 99 }] }]) expect(readBundle(JSON.stringify(odd))).not.toBeNull()
  })
})

describe('the verifier in the page', () => {
  // Cases with the outcomes of every check, which both verifiers of the project have to give (tests/corpus/bundles/README.md).
  const folder = new URL('../../tests/corpus/bundles/', import.meta.url)
  const named = (start: string): string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(start) && name.endsWith('.mjbundle.json')) : [])
  it('accepts a good bundle of an AQI, and every check has words', async () => {
    const text = readFileSync(new URL('good-aqi.mjbundle.json', folder), 'utf8')
    const verdict = await verify(text, undefined)
    expect(verdict.checks.filter((check) => check.outcome === 'failed')).toEqual([])
    expect(verdict).toMatchObject({ ok: true, trusted: false })
    expect(verdict.checks.map((check) => check.id)).toEqual([...checkIds])
    for (const { id } of verdict.checks) expect(Object.keys(en.prove.check)).toContain(id)
    expect(readBundle(text)!.value).toBeTruthy()
  })
  it.each(['good-timestamp-rsa', 'good-timestamp-ecdsa', 'good-cell-gbk-word'])('accepts %s: the libraries that it shares with the page fit', async (file) => {
    expect((await verify(readFileSync(new URL(`${file}.mjbundle.json`, folder), 'utf8'), undefined)).checks.filter((check) => check.outcome === 'failed')).toEqual([])
  })
  it('refuses the same bundle when one character of its result is another', async () => {
    const text = readFileSync(new URL('good-aqi.mjbundle.json', folder), 'utf8')
    const verdict = await verify(text.replace(/"result":\s*"(\d+)"/, (_, digits: string) => `"result":"${digits}1"`), undefined)
    expect(verdict.ok).toBe(false)
    expect(verdict.checks.find((check) => check.id === 'derivation')?.outcome).toBe('failed')
  })
  it('meets no operation without a word', () => {
    const met = new Set(named('good-').flatMap((name) => readBundle(readFileSync(new URL(name, folder), 'utf8'))?.steps.map((step) => step.op) ?? []))
    expect(met.size).toBeGreaterThan(3)
    for (const op of met) expect(operations as readonly string[]).toContain(op)
    for (const op of operations) expect(Object.keys(en.prove.op)).toContain(op)
  })
})
