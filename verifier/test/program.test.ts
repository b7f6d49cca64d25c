import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { verifyBundle } from '../src/index'
import { logKeys } from './builder'
import { build, frame, kMn, valueBundle } from './bundles'

const room = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'verifier-'))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
afterAll(() => rmSync(folder, { recursive: true }))

describe('the sources', () => {
  const sources = readdirSync(join(room, 'src')).map((name) => readFileSync(join(room, 'src', name), 'utf8'))
  it('have at most 1,000 lines in all, so that they can be read in an hour', () => {
    const lines = sources.reduce((sum, text) => sum + text.split('\n').length - 1, 0)
    expect(lines).toBeGreaterThan(500)
    expect(lines).toBeLessThanOrEqual(1000)
  })
  it('use neither WebCrypto nor the network', () => {
    for (const text of sources) expect(text).not.toMatch(/crypto\.subtle|globalThis\.crypto|fetch\(|XMLHttpRequest|node:(https?|net)/)
  })
})

describe('the program', () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'cli.js'), ...args], { encoding: 'utf8', cwd: folder })
    return { status, stdout, stderr }
  }
  let good = ''
  let bad = ''
  beforeAll(() => {
    execFileSync(process.execPath, ['build.mjs', folder], { cwd: room })
    file('package.json', '{"type":"module"}')
    good = file('good.mjbundle.json', JSON.stringify(valueBundle()))
    bad = file('bad.mjbundle.json', JSON.stringify({ ...valueBundle(), version: 2 }))
  })
  it('is one file that needs no other, and says 0 for a good bundle', () => {
    const { status, stdout } = run(good)
    expect(status).toBe(0)
    expect(stdout).toContain('✓ inclusion')
    expect(stdout).toContain('OK, but the keys are those of the bundle itself')
  })
  it('knows whom to trust from a file', () => {
    const trust = file('trust', `log ${logKeys[0]!.vkey}\nlog ${logKeys[1]!.vkey}\n`)
    expect(run(good, '--trust', trust).stdout.trimEnd()).toMatch(/\nOK$/)
  })
  it('says 1 when one of several is bad, and prints an object for each', () => {
    const { status, stdout } = run('--json', good, bad)
    expect(status).toBe(1)
    const [first, second] = stdout.trimEnd().split('\n').map((line) => JSON.parse(line))
    expect(first).toMatchObject({ ok: true, trusted: false, subject: `value/${kMn}/32/2061/w01018/Rtd/20261121050000`, value: '35.55 mg/L' })
    expect(Object.keys(first)).toEqual(['ok', 'trusted', 'subject', 'value', 'checks'])
    expect(Object.keys(first.checks[0])).toEqual(['id', 'outcome', 'text'])
    expect(second).toMatchObject({ ok: false, subject: '', value: '' })
  })
  it.each([[[]], [['--wrong']], [['missing.json']], [['good.mjbundle.json', '--trust', 'missing']], [['good.mjbundle.json', '--trust', 'bad.mjbundle.json']]])(
    'says 2 for %j', (args) => {
      const { status, stderr } = run(...args)
      expect(status).toBe(2)
      expect(stderr).not.toBe('')
    })
})

describe('a year of hours of a station', () => {
  const factors = ['w01001', 'w01009', 'w01010', 'w01014', 'w01018', 'w01019', 'w21001', 'w21003', 'w21011', 'w01003']
  const time = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString().replace(/[-T:]/g, '').slice(0, 14)
  const entries = Array.from({ length: 8760 * 2 }, (_, at) => {
    const fields = factors.map((factor, i) => `${factor}-Avg=${(at % 97) + i}.${10 + (at % 90)},${factor}-Flag=N`).join(';')
    return frame(time(at >> 1), fields, at % 2 ? 'OTHER' : kMn)
  })
  it('is verified in 5 s, and says how far it is', { timeout: 60_000 }, async () => {
    // The mean of all 8,760 values of one factor, and all the other values as well: 87,600 steps.
    const held = Array.from({ length: 8760 }, (_, hour) => 2 * hour)
    const steps: unknown[] = factors.flatMap((factor, i) => held.map((entry) =>
      ({ op: 'field', entry, name: `${factor}-Avg`, group: i + 1, result: `${(entry % 97) + i}.${10 + (entry % 90)}` })))
    const sum = held.reduce((all, entry) => all + BigInt(((entry % 97) + 0) * 100 + 10 + (entry % 90)), 0n)
    const [whole, half] = [sum / 8760n, (sum % 8760n) * 2n]
    const mean = whole + (half > 8760n || (half === 8760n && whole % 2n === 1n) ? 1n : 0n)
    const value = `${mean / 100n}.${String(mean % 100n).padStart(2, '0')}`
    steps.push({ op: 'mean', inputs: held.map((_, i) => i), decimals: 2, result: value })
    const bundle = build({
      entries, held, steps, subject: { kind: 'figure', figure: `mean/${kMn}/32/2061/w01001/Avg/${time(0)}/${time(8760)}` },
      figure: { value, unit: '', step: steps.length - 1 },
    })
    const bytes = new TextEncoder().encode(JSON.stringify(bundle))
    const heard: number[] = []
    const started = process.cpuUsage()
    const verdict = verifyBundle(bytes, '', (done) => heard.push(done))
    const { user, system } = process.cpuUsage(started)
    console.info(`${(bytes.length / 2 ** 20).toFixed(1)} MiB, ${((user + system) / 1e6).toFixed(2)} s`)
    expect(verdict.checks.filter((check) => check.outcome === 'failed')).toEqual([])
    expect((user + system) / 1e6).toBeLessThan(5)
    expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  })
})
