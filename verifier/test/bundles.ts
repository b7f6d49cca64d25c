// Whole bundles for the tests: a small log, a figure of each kind, a device with two days.
import { b64, digest, encode, kOrigin, logKeys, mth, note, proofNodes, recoveryKey, witnesses, type Node, type TestEntry, type TestKey } from './builder'

export const kMn = '500000003100000000000007'
export const frame = (time: string, fields: string, device = kMn): TestEntry => {
  const segment = `QN=20261121080000001;ST=32;CN=2061;PW=123456;MN=${device};Flag=5;CP=&&DataTime=${time};${fields}&&`
  return { device, payload: `##${String(segment.length).padStart(4, '0')}${segment}0000\r\n` }
}

/** The text of a key statement, signed. */
export function statement(
  { number = 0, previous = 'none', action = 'create', origin = kOrigin, at = '2026-11-20T10:00:00+08:00', keys = logKeys,
    recovery = recoveryKey as TestKey | null, by = 'operator', reason = 'begin', signers = undefined as TestKey[] | undefined } = {},
): string {
  const lines = [
    'mingjian key statement v1', `origin ${origin}`, `number ${number}`, `previous ${previous}`,
    `action ${action}`, `time ${at}`, ...keys.map((key) => `key ${key.vkey}`), ...(recovery ? [`recovery ${recovery.vkey}`] : []),
    `by ${by}`, `reason ${reason}`,
  ]
  return note(`${lines.join('\n')}\n`, signers ?? [...keys, ...(recovery ? [recovery] : [])])
}
export const previousOf = (text: string): string => b64(digest('sha256', Buffer.from(text)))

export interface Plan {
  entries: TestEntry[]
  /** Indices of the entries that go into the bundle. */
  held: number[]
  keyring?: string
  keys?: TestKey[]
  cosigners?: TestKey[]
  seconds?: number
  subject: unknown
  tables?: unknown[]
  steps?: unknown[]
  figure?: unknown
  statements?: number[]
  size?: number
}

export type Loose = any

export function build(plan: Plan): Loose {
  const encoded = plan.entries.map(encode)
  const leaves = (algorithm: 'sha256' | 'sm3') => encoded.map((entry) => digest(algorithm, Buffer.of(0), entry))
  const roots = (['sha256', 'sm3'] as const).map((algorithm) => b64(mth(algorithm, leaves(algorithm))))
  const text = `${kOrigin}\n${encoded.length}\n${roots[0]}\nsm3 ${roots[1]}\n`
  const cosigners = plan.cosigners ?? witnesses.slice(0, 2)
  const nodes = (algorithm: 'sha256' | 'sm3'): Node[] => proofNodes(algorithm, leaves(algorithm), plan.held)
  return {
    format: 'mingjian-evidence-bundle', version: 1, made_at: '2026-11-22T10:00:00+08:00', software: '0.1.0',
    subject: plan.subject,
    keyring: plan.keyring ?? `at genesis\n${statement()}\n`,
    checkpoint: note(text, [...(plan.keys ?? logKeys), ...cosigners], { seconds: plan.seconds ?? 1_763_776_800 }),
    policy: { quorum: 2, witnesses: witnesses.map((key) => key.vkey) },
    timestamp: null, timestamp_trust: null,
    entries: plan.held.map((index) => [index, b64(encoded[index]!)]),
    proof: { sha256: nodes('sha256'), sm3: nodes('sm3') },
    tables: plan.tables ?? [], steps: plan.steps ?? [], figure: plan.figure ?? null, statements: plan.statements ?? [],
  }
}

const log = (): TestEntry[] => [
  ...Array.from({ length: 11 }, (_, i) => frame(`20261121${String(i).padStart(2, '0')}0000`, `w01018-Rtd=${30 + i}.${i}5,w01018-Flag=N`)),
]
export const valueStep = (entry: number, result: string, name = 'w01018-Rtd') => ({ op: 'field', entry, name, group: 1, result })

export const valueBundle = (plan: Partial<Plan> = {}): Loose =>
  build({
    entries: log(), held: [5], subject: { kind: 'figure', figure: `value/${kMn}/32/2061/w01018/Rtd/20261121050000` },
    steps: [valueStep(5, '35.55')], figure: { value: '35.55', unit: 'mg/L', step: 0 }, ...plan,
  })

export const meanBundle = (): Loose =>
  build({
    entries: log(), held: [2, 3, 4],
    subject: { kind: 'figure', figure: `mean/${kMn}/32/2061/w01018/Rtd/20261121020000/20261121050000` },
    // (32.25 + 33.35 + 34.45) / 3 = 33.35
    steps: [valueStep(2, '32.25'), valueStep(3, '33.35'), valueStep(4, '34.45'), { op: 'mean', inputs: [0, 1, 2], decimals: 1, result: '33.4' }],
    figure: { value: '33.4', unit: '', step: 3 },
  })

const common = { edition: 'HJ 633-2026', clause: 'table 1', valid_from: '2026-03-01', valid_to: null, verification: 'VERIFIED' }
export const breakpoints = (id: string, factor: string, rows: [string, string][]) =>
  ({ ...common, id, kind: 'breakpoints', factor, unit: 'µg/m³', rounding: 'up', decimals: 0, rows })

export const aqiBundle = (): Loose =>
  build({
    entries: [...log(), frame('20261121080000', 'a34004-Avg=40.4,a34004-Flag=N;a34002-Avg=0.1205')], held: [11],
    subject: { kind: 'figure', figure: 'aqi/P1/20261121080000' },
    tables: [
      breakpoints('pm25', 'a34004', [['0', '0'], ['35', '50'], ['75', '100'], ['115', '150']]),
      breakpoints('pm10', 'a34002', [['0', '0'], ['50', '50'], ['150', '100'], ['250', '150']]),
      { ...common, id: 'grades', kind: 'grades', rows: [['50', '优'], ['100', '良'], [null, '污染']] },
    ],
    steps: [
      valueStep(11, '40.4', 'a34004-Avg'),
      { op: 'round', input: 0, decimals: 0, result: '40' },
      { op: 'interpolate', input: 1, table: 0, result: '57' },
      { op: 'field', entry: 11, name: 'a34002-Avg', group: 2, result: '0.1205' },
      { op: 'scale', input: 3, by: '1000', result: '120.5' },
      { op: 'round', input: 4, decimals: 0, result: '120' },
      { op: 'interpolate', input: 5, table: 1, result: '85' },
      { op: 'max', inputs: [2, 6], least: '0', result: '85' },
      { op: 'main', inputs: [2, 6], above: '50', result: 'a34002' },
      { op: 'grade', input: 7, table: 2, result: '良' },
    ],
    figure: { value: '85', unit: '', step: 7 },
  })

export const waterBundle = (): Loose =>
  build({
    entries: [...log(), frame('20261121080000', 'w01001-Rtd=6.9;w01009-Rtd=5.5;w21003-Rtd=0.42')], held: [11],
    subject: { kind: 'figure', figure: 'water-class/S1/20261121080000' },
    tables: [
      { ...common, id: 'ph', kind: 'classes', factor: 'w01001', unit: '', better: 'within', rows: [[['6', '9'], '1'], [['6', '9'], '5']] },
      { ...common, id: 'do', kind: 'classes', factor: 'w01009', unit: 'mg/L', better: 'higher', rows: [['7.5', '1'], ['6', '2'], ['5', '3']] },
      { ...common, id: 'nh3n', kind: 'classes', factor: 'w21003', unit: 'mg/L', better: 'lower', rows: [[null, '1'], ['0.15', '2'], ['0.2', '3']] },
    ],
    steps: [
      valueStep(11, '6.9', 'w01001-Rtd'),
      { op: 'class', input: 0, table: 0, result: '1' },
      { op: 'field', entry: 11, name: 'w01009-Rtd', group: 2, result: '5.5' },
      { op: 'class', input: 2, table: 1, result: '3' },
      { op: 'field', entry: 11, name: 'w21003-Rtd', group: 3, result: '0.42' },
      { op: 'class', input: 4, table: 2, result: '4' },
      { op: 'max', inputs: [1, 3, 5], result: '4' },
    ],
    figure: { value: '4', unit: '', step: 6 },
  })

/** Two days of one device among entries of another, closed by two statements. */
export function devicePlan(): Plan & { entries: TestEntry[] } {
  const entries: TestEntry[] = []
  const day = (text: string) => Date.parse(`${text}+08:00`)
  let link = digest('sha256', Buffer.from(`mingjian device chain v1\n${kMn}`))
  const links = [link]
  const add = (entry: TestEntry) => {
    entries.push(entry)
    if (entry.device === kMn && entry.type !== 5) {
      link = digest('sha256', link, digest('sha256', Buffer.of(0), encode(entry)))
      links.push(link)
    }
  }
  const close = (date: string, from: number, sequence: number, at: string) => {
    const to = entries.length
    const count = links.length - 1 - sequence
    add({
      type: 5, device: kMn, at: day(at),
      payload: JSON.stringify({
        kind: 'device.day', version: 1, device: kMn, day: date, revision: 1, from, to, count, sequence,
        chain_before: b64(links[sequence]!), chain_after: b64(links.at(-1)!),
        series: [{ st: '32', cn: '2061', factor: 'w01018', kind: 'Rtd', expected: 24, received: count }], more_series: 0,
        gaps: [{ st: '32', cn: '2061', from: `${date}T05:00:00+08:00`, to: `${date}T06:00:00+08:00`, intervals: 1, explained_by: null }],
        more_gaps: 0,
      }),
    })
    return to
  }
  for (let i = 0; i < 5; i++) {
    add(frame(`202611200${i}0000`, `w01018-Rtd=1${i}`))
    add(frame(`202611200${i}0000`, `w01018-Rtd=2${i}`, 'OTHER'))
  }
  const to = close('2026-11-20', 0, 0, '2026-11-21T00:10:00')
  add({ type: 4, device: kMn, payload: '##0000' })
  for (let i = 0; i < 3; i++) add(frame(`202611210${i}0000`, `w01018-Rtd=3${i}`))
  close('2026-11-21', to, 5, '2026-11-22T00:10:00')
  const held = entries.flatMap((entry, index) => (entry.device === kMn ? [index] : []))
  return {
    entries, held, statements: held.filter((index) => entries[index]!.type === 5),
    subject: { kind: 'device', device: kMn, from: '2026-11-20T00:00:00+08:00', to: '2026-11-22T00:00:00+08:00' },
    steps: [valueStep(0, '10'), valueStep(2, '11')],
  }
}
export const deviceBundle = (): Loose => build(devicePlan())

/** Manifest and only part of an imported file of source cnemc: columns code, time, v; header in line 1. */
export function importEntries(bytes: string | Buffer, layout: object): TestEntry[] {
  const file = Buffer.from(bytes)
  const whole = {
    id: 'hours', title: { zh: '小时', en: 'hours' }, kind: 'values', source: 'cnemc', element: 'air', st: '22', period: 'hour',
    station: { columns: ['code'], separator: '/', constant: '' }, time: { columns: ['time'], formats: ['%Y-%m-%d %H:%M'], zone_minutes: 480, label: 'end', interval_s: 3600 },
    status: { column: '', flags: {} }, factor_column: '', values: [{ column: 'v', factor: 'a34004', kind: 'Avg', unit: '', stored_unit: '', shift: 0 }],
    missing: ['—'], below: ['<', 'L', 'ND'], ignored: {}, columns: ['code', 'time', 'v'], header_line: 1, delimiter: ',', ...layout,
  }
  const manifest = { kind: 'import.file', version: 1, file: 'day.csv', bytes: file.length, sha256: digest('sha256', file).toString('hex'), source: 'cnemc', layout: whole, name: 'Test', reason: 'test' }
  const head = { kind: 'import.part', version: 1, file: 0, part: 0, offset: 0, line: 1 }
  return [
    { type: 7, device: 'cnemc', payload: JSON.stringify(manifest) }, { type: 7, device: 'cnemc', payload: Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), file]) },
  ]
}
