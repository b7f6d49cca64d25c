import { describe, expect, it } from 'vitest'

import { verifyBundle } from '../src/index'
import { build, frame, importEntries, kMn, type Loose } from './bundles'

const failed = (bundle: Loose): string[] => verifyBundle(JSON.stringify(bundle)).checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)
const common = { edition: 'sample', clause: '§1', valid_from: '2020-01-01', valid_to: null, verification: 'THIRD_PARTY' }
const figure = 'result/air/point/P1/x/20261121000000/20261122000000'
/** An evaluated figure from the values of one packet by one more step. */
function resultOf(op: string, values: string[], more: object, result: string, steps: unknown[] = []): Loose {
  const leaves = values.map((value, i) => ({ op: 'field', entry: 0, name: `x${i}-Avg`, group: i + 1, result: value }))
  const input = ['ln', 'lg', 'below'].includes(op) ? { input: 0 } : { inputs: values.map((_, i) => i) }
  return build({
    entries: [frame('20261121050000', values.map((value, i) => `x${i}-Avg=${value}`).join(';'))], held: [0], subject: { kind: 'figure', figure },
    tables: op === 'below' ? [{ ...common, id: 'half', kind: 'parameter', rows: [['0.5']] }] : [],
    steps: [...leaves, { op, clause: 'HJ 663-2013 §5.1.2', ...input, ...more, result }, ...steps], figure: { value: result, unit: '', step: leaves.length + steps.length },
  })
}

describe('an operation', () => {
  // Computed with Python's decimal module at 120 digits, rounded ROUND_HALF_EVEN; logarithms compared with mpmath at 60 digits.
  const vectors: [string, string[] | string, object, string][] = [
    ['sum', ['35.2', '12', '88.05', '7.125', '41', '63.5'], {'decimals': 2}, '246.88'],
    ['sum', ['0.125', '0.25', '-1.5'], {'decimals': 2}, '-1.12'],
    ['difference', ['35.25', '88'], {'decimals': 1}, '-52.8'],
    ['product', ['1.5', '2.35', '-0.01'], {'decimals': 4}, '-0.0352'],
    ['ratio', ['1', '3'], {'decimals': 18}, '0.333333333333333333'],
    ['ratio', ['2', '-3'], {'decimals': 3}, '-0.667'],
    ['ratio', ['1', '8'], {'decimals': 2}, '0.12'],
    ['ratio', ['3', '8'], {'decimals': 2}, '0.38'],
    ['percentile', ['35.2', '12', '88.05', '7.125', '41', '63.5'], {'by': '0.9', 'decimals': 3}, '75.775'],
    ['percentile', ['35.2', '12', '88.05', '7.125', '41', '63.5'], {'by': '0.95', 'decimals': 3}, '81.912'],
    ['percentile', ['35.2', '12', '88.05', '7.125', '41', '63.5'], {'by': '0.98', 'decimals': 3}, '85.595'],
    ['percentile', ['35.2', '12', '88.05', '7.125', '41', '63.5'], {'by': '0.5', 'decimals': 3}, '38.100'],
    ['percentile', ['35.2', '12', '88.05', '7.125', '41', '63.5'], {'by': '0.001', 'decimals': 3}, '7.149'],
    ['percentile', ['5.5'], {'by': '0.98', 'decimals': 0}, '6'],
    ['count', ['35.2', '12', '88.05', '7.125', '41', '63.5'], {'above': '41'}, '4'],
    ['count', ['5'], {'above': '4.99'}, '0'],
    ['min', ['35.2', '12', '88.05', '7.125', '41', '63.5'], {}, '7.125'],
    ['min', ['1.0', '1', '2'], {}, '1.0'],
    ['max', ['1', '1.0', '-2'], {}, '1'],
    ['level', ['60', '60.0', '60'], {'decimals': 1}, '60.0'],
    ['level', ['50', '60'], {'decimals': 9}, '57.403626895'],
    ['level', ['55.2', '48.7', '61.35', '-3'], {'decimals': 1}, '56.5'],
    ['level', ['45.5'], {'decimals': 0}, '46'],
    ['level', ['1000', '-1000'], {'decimals': 14}, '996.98970004336019'],
    ['ln', '1', {'decimals': 4}, '0.0000'],
    ['lg', '1', {'decimals': 4}, '0.0000'],
    ['ln', '2', {'decimals': 18}, '0.693147180559945309'],
    ['lg', '2', {'decimals': 18}, '0.301029995663981195'],
    ['ln', '0.05', {'decimals': 6}, '-2.995732'],
    ['lg', '0.05', {'decimals': 6}, '-1.301030'],
    ['ln', '123456.789', {'decimals': 10}, '11.7236464872'],
    ['lg', '123456.789', {'decimals': 10}, '5.0915149772'],
    ['ln', '0.000000000000000001', {'decimals': 5}, '-41.44653'],
    ['lg', '0.000000000000000001', {'decimals': 5}, '-18.00000'],
    ['lg', '1000', {'decimals': 0}, '3'],
  ]
  it.each(vectors)('%s of %j %j is %s', (op, values, more, result) => {
    const bundle = resultOf(op, [values].flat(), more, result)
    expect(failed(bundle), JSON.stringify(verifyBundle(JSON.stringify(bundle)).checks)).toEqual([])
    const other = result.endsWith('1') ? `${result.slice(0, -1)}2` : `${result.slice(0, -1)}1`
    expect(failed(resultOf(op, [values].flat(), more, other))[0]).toBe('derivation')
  })
  it('percentile of the days of a year is that of HJ 663-2013: k = 1 + 364 × 0.95 = 346.8', () =>
    expect(failed(resultOf('percentile', Array.from({ length: 365 }, (_, i) => String(365 - i)), { by: '0.95', decimals: 1 }, '346.8'))).toEqual([]))
  it.each([
    ['<0.004', '0.002'], ['0.004L', '0.002'], ['0.0040l', '0.002'], ['ND', '0'], ['ND0.01', '0.005'], [' < 0.01 ', '0.005'], ['0L', '0'],
  ])('below counts %j as half of it, %s', (text, result) => expect(failed(resultOf('below', [text.trim()], { table: 0 }, result))).toEqual([]))
  it.each(['0.004', '<0.004L', '<', 'L', 'ND ND', '-0.1L', 'nd'])('below refuses %j', (text) => expect(failed(resultOf('below', [text], { table: 0 }, '0'))[0]).toBe('derivation'))
  it.each<[string, string[], object, string]>([
    ['ratio', ['1', '0'], { decimals: 1 }, '0.0'], ['ln', ['0'], { decimals: 1 }, '0.0'], ['lg', ['-1'], { decimals: 1 }, '0.0'], ['level', ['1000.1'], { decimals: 1 }, '1000.1'],
    ['mean', ['0.004L'], { decimals: 3 }, '0.004'], ['sum', ['999999999999999999', '1'], { decimals: 0 }, '1000000000000000000'],
  ])('%s of %j is refused', (op, values, more, result) => expect(failed(resultOf(op, values, more, result))[0]).toBe('derivation'))
  it.each<[string, string[], object]>([
    ['difference', ['1'], { decimals: 1 }], ['ratio', ['1', '2', '3'], { decimals: 1 }], ['percentile', ['1'], { by: '1', decimals: 1 }], ['percentile', ['1'], { by: '0', decimals: 1 }],
    ['sum', ['1'], { decimals: 19 }], ['product', Array.from({ length: 17 }, () => '1'), { decimals: 0 }], ['sum', ['1'], { decimals: 0, clause: '' }], ['sum', ['1'], { decimals: 0, clause: 'a\nb' }],
    ['sum', ['1'], { decimals: 0, clause: '条'.repeat(201) }],
  ])('%s of %j %j has not its form', (op, values, more) => expect(failed(resultOf(op, values, more, '1'))[0]).toBe('format'))
})

describe('an evaluated figure', () => {
  it('rests on every step', () => expect(failed(resultOf('sum', ['1'], { decimals: 0 }, '1', [{ op: 'min', inputs: [0], result: '1' }]))[0]).toBe('figure'))
  it('rests on values near its time', () => {
    const at = (from: string, to: string) => failed({ ...resultOf('sum', ['1'], { decimals: 0 }, '1'), subject: { kind: 'figure', figure: `result/air/point/P1/x/${from}/${to}` } })
    expect(at('20271122050000', '20280101000000')).toEqual([])
    expect(at('20271122050001', '20280101000000')).toEqual(['figure'])
    expect(at('20261101000000', '20261120050000')).toEqual([])
    expect(at('20261101000000', '20261120045959')).toEqual(['figure'])
  })
  it('is of its time alone when it is a statistic; an appraisal may rest on the years before', () => {
    const at = (name: string) => failed({ ...resultOf('sum', ['1'], { decimals: 0 }, '1'), subject: { kind: 'figure', figure: name } })
    expect(at('statistic/air/point:P1/x/mean/hour;Avg;pool;1/20261121050000/20261122000000')).toEqual([])
    expect(at('statistic/air/point:P1/x/mean/hour;Avg;pool;1/20261121050001/20261122000000')).toEqual(['figure'])
    expect(at('statistic/air/point:P1/x/mean/hour;Avg;pool;1/20261121000000/20261121050000')).toEqual(['figure'])
    expect(at('appraisal/scheme/P1/total/20291123050000/20291201000000')).toEqual([])
    expect(at('appraisal/scheme/P1/total/20291123050001/20291201000000')).toEqual(['figure'])
    expect(at('appraisal/scheme/P1/20291123050001/20291201000000')[0]).toBe('format')
  })
  it.each(['result/air/point/P%201/x/20261121000000/20261122000000', 'result/air/point/%E4%B8%80/x/20261121000000/20261122000000'])('may be named %s', (name) =>
    expect(failed({ ...resultOf('sum', ['1'], { decimals: 0 }, '1'), subject: { kind: 'figure', figure: name } })).toEqual([]))
  it('may have a long name', () => expect(failed({ ...resultOf('sum', ['1'], { decimals: 0 }, '1'), subject: { kind: 'figure', figure: `result/air/point/${'P'.repeat(500_000)}/x/20261121000000/20261122000000` } })).toEqual([]))
  it.each(['P 1', 'P%41', 'P%2f', '%FF', '%E4', 'P%', ''])('may not have the part %j', (part) =>
    expect(failed({ ...resultOf('sum', ['1'], { decimals: 0 }, '1'), subject: { kind: 'figure', figure: `result/air/point/${part}/x/20261121000000/20261122000000` } })[0]).toBe('format'))
  it('uses a limit that was in force when the values were measured', () => {
    const year = (valid_from: string): Loose => {
      const steps = [{ op: 'limit', table: 0, result: '0.20' }, { op: 'ratio', inputs: [0, 1], decimals: 1, result: '5.0' }]
      const table = { ...common, id: 'limit', kind: 'parameter', valid_from, rows: [['0.20']] }
      const bundle = resultOf('min', ['1'], {}, '1')
      return { ...bundle, tables: [table], steps: [bundle.steps[0], ...steps], figure: { value: '5.0', unit: '', step: 2 } }
    }
    expect(failed(year('2026-11-21'))).toEqual([])
    expect(failed(year('2026-11-22'))).toEqual(['tables'])
  })
})

describe('a cell of an imported file', () => {
  /** The bundle of the value in line 2 and column `v` of a file. */
  const cellOf = (bytes: string | Buffer, result: string, time = '20260312000000', layout: object = {}, { line = 2, station = '1001A' } = {}): Loose => build({
    entries: importEntries(bytes, layout), held: [0, 1], subject: { kind: 'figure', figure: `value/cnemc%2F${station.replace(/[^!-$&-.0-~]+/g, encodeURIComponent)}/22/2061/a34004/Avg/${time}` },
    steps: [{ op: 'cell', entry: 1, line, column: 'v', result }], figure: { value: result, unit: '', step: 0 },
  })
  const row = (cell: string, shift = 0) => [`code,time,v\n1001A,2026-03-12 01:00,${cell}\n`, { values: [{ column: 'v', factor: 'a34004', kind: 'Avg', unit: '', stored_unit: '', shift }] }] as const
  // What import.md says of numbers, worked out by hand.
  it.each<[string, number, string]>([
    ['35.20', 0, '35.20'], ['+5', 0, '+5'], ['.5', 0, '.5'], ['7.', 0, '7.'], ['0.0350', 3, '35.0'], ['12', -3, '0.012'], ['-0.5', 1, '-5'], ['+.5', -1, '0.05'], ['5e2', 0, '500'], ['1.25E-1', 0, '0.125'],
    ['007', 1, '70'], ['0', 2, '0'], ['-0.00', 1, '-0.0'], ['1e+2', -2, '1'], ['5e0', 0, '5'], ['<0.004', 0, '<0.004'], ['< 4', -3, '<0.004'], ['4 L', -3, '0.004L'], ['ND', 0, 'ND'], [' 1 ', 0, '1'],
    ['"3,5"', 0, ''], ['1e19', 0, ''], ['1e+-2', 0, ''], ['1.2.3', 0, ''], ['<', 0, ''], ['—', 0, ''], ['', 0, ''], ['x', 0, ''], ['1'.repeat(40), 0, '1'.repeat(40)], ['1'.repeat(41), 0, ''],
  ])('%j with shift %i is %j', (cell, shift, result) => {
    const [bytes, layout] = row(cell, shift)
    expect(failed(cellOf(bytes, result, undefined, layout))).toEqual(result ? [] : ['derivation', 'figure'])
  })
  // Times in Beijing, of a label at the end of the hour; by hand.
  it.each<[string, string[], number, string]>([
    ['2026-03-12 01:00', ['%Y-%m-%d %H:%M'], 480, '20260312000000'], ['2026-3-2 1:00', ['%Y-%m-%d %H:%M'], 480, '20260302000000'], ['2026031201', ['%Y%m%d%H'], 480, '20260312000000'],
    ['2026-03-12 24:00', ['%Y-%m-%d %H:%M'], 480, '20260312230000'], ['2026-03-11 17:00', ['%Y-%m-%d %H:%M'], 0, '20260312000000'], ['12/03/2026 1', ['%Y-%m-%d', '%d/%m/%Y %H'], 480, '20260312000000'],
    ['2026年3月12日1时', ['%Y年%m月%d日%H时'], 480, '20260312000000'], ['2026-03-12 01:00x', ['%Y-%m-%d %H:%M'], 480, ''], ['202631201', ['%Y%m%d%H'], 480, ''], ['2026-02-29 01:00', ['%Y-%m-%d %H:%M'], 480, ''],
    ['1899-12-31 01:00', ['%Y-%m-%d %H:%M'], 480, ''], ['2026-03-12 24:01', ['%Y-%m-%d %H:%M'], 480, ''],
  ])('at %j by %j, zone %i, is of %s', (text, formats, zone_minutes, time) => {
    const bundle = cellOf(`code,time,v\n1001A,${text},5\n`, '5', time || '20260312000000', { time: { columns: ['time'], formats, zone_minutes, label: 'end', interval_s: 3600 } })
    expect(failed(bundle)).toEqual(time ? [] : ['derivation', 'figure'])
  })
  it.each<[string, string | Buffer, string, { line?: number; station?: string }?]>([
    ['CRLF', 'code,time,v\r\n1001A,2026-03-12 01:00,5\r\n', '5'], ['no line end', 'code,time,v\n1001A,2026-03-12 01:00,5', '5'],
    ['quoted cells', 'code,time,v\n"1001A","2026-03-12 01:00","5"\r\n', '5'], ['a line break in a cell before', 'code,time,v\n"x\ny",,1\n1001A,2026-03-12 01:00,5\n', '5', { line: 4 }],
    ['doubled quotation marks', 'code,time,v\n"10""01A",2026-03-12 01:00,5\n', '5', { station: '10"01A' }], ['a quotation mark inside', 'code,time,v\n10"01A,2026-03-12 01:00,5\n', '5', { station: '10"01A' }],
    ['an open quotation mark before', 'code,time,v\n"x,y,z\n1001A,2026-03-12 01:00,5\n', '5', { line: 3 }],
    ['GBK', Buffer.from([...Buffer.from('code,time,v\n'), 0xd2, 0xbb, 0xba, 0xc5, ...Buffer.from(',2026-03-12 01:00,5\n')]), '5', { station: '一号' }],
  ])('is found in a file with %s', (_, bytes, result, where) => expect(failed(cellOf(bytes, result, undefined, {}, where))).toEqual([]))
  it.each<[string, string, { line?: number }?]>([
    ['another width', 'code,time,v\n1001A,2026-03-12 01:00,5,6\n'], ['no station', 'code,time,v\n,2026-03-12 01:00,5\n'], ['its header', 'code,time,v\n', { line: 1 }], ['no such line', 'code,time,v\n1001A,2026-03-12 01:00,5\n', { line: 3 }],
    ['text behind a quotation mark', 'code,time,v\n"1001A"x,2026-03-12 01:00,5\n'],
  ])('is refused in %s', (_, bytes, where) => expect(failed(cellOf(bytes, '5', undefined, {}, where))[0]).toBe('derivation'))
  it('needs its manifest, before it, of the same source, and a part within the file', () => {
    const good = cellOf(row('5')[0], '5')
    expect(failed(good)).toEqual([])
    const entries = importEntries(row('5')[0], {})
    const made = (plan: object) => failed(build({ entries, held: [0, 1], subject: good.subject, steps: good.steps, figure: good.figure, ...plan }))
    expect(made({ held: [1] })[0]).toBe('derivation')
    expect(made({ entries: [entries[1]!, entries[0]!], steps: [{ ...good.steps[0], entry: 0 }] })[0]).toBe('derivation')
    expect(made({ entries: [{ ...entries[0]!, device: 'other' }, entries[1]!] })[0]).toBe('derivation')
    expect(made({ entries: [entries[0]!, { ...entries[1]!, device: 'other' }] })[0]).toBe('derivation')
    expect(made({ entries: [{ ...entries[0]!, payload: String(entries[0]!.payload).replace(/"bytes":\d+/, '"bytes":9') }, entries[1]!] })[0]).toBe('derivation')
    for (const [from, to] of [['"version":1,', '"version":1,"more":1,'], ['"label":"end"', '"label":"End"'], ['"shift":0', '"shift":10'], ['%Y-', '%y-'], ['"delimiter":","', '"delimiter":"::"']] as const)
      expect(made({ entries: [{ ...entries[0]!, payload: String(entries[0]!.payload).replace(from, to) }, entries[1]!] })[0], to).toBe('derivation')
  })
  it('is read from a packet no more than a packet from a cell', () => {
    const good = cellOf(row('5')[0], '5')
    expect(failed({ ...good, steps: [{ op: 'field', entry: 1, name: 'a34004-Avg', group: 0, result: '5' }] })[0]).toBe('derivation')
    const packet = build({ entries: [frame('20260312000000', 'a34004-Avg=5')], held: [0], subject: { kind: 'figure', figure: `value/${kMn}/32/2061/a34004/Avg/20260312000000` }, steps: [{ op: 'cell', entry: 0, line: 1, column: 'v', result: '5' }], figure: { value: '5', unit: '', step: 0 } })
    expect(failed(packet)[0]).toBe('derivation')
  })
})
