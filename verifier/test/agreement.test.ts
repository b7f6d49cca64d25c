import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

import { verifyBundle, type Verdict } from '../src/index'

const folder = fileURLToPath(new URL('../../tests/corpus/bundles/', import.meta.url))
interface Case {
  file: string
  trust: string | null
  ok: boolean
  trusted: boolean
  subject: string
  value: string
  checks: Record<string, string>
}
/** What both verifiers have to agree on: everything but the texts. */
const essence = (verdict: Verdict) => ({
  ok: verdict.ok, trusted: verdict.trusted, subject: verdict.subject, value: verdict.value,
  checks: Object.fromEntries(verdict.checks.map(({ id, outcome }) => [id, outcome])),
})
const kOrder = ['format', 'keys', 'checkpoint', 'witnesses', 'timestamp', 'revocation', 'inclusion', 'sm3', 'statements', 'tables',
  'derivation', 'figure']
const trustOf = (each: Case): string => (each.trust === null ? '' : readFileSync(join(folder, each.trust), 'utf8'))
const cases: Case[] = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))

describe('the corpus of bundles', () => {
  it('is there, with good ones and bad ones for every check', () => {
    expect(cases.filter((each) => each.ok).length).toBeGreaterThan(20)
    for (const id of kOrder) expect(cases.some((each) => each.checks[id] === 'failed'), id).toBe(true)
  })
  it.each(cases.map((each) => [each.file, each] as const))('%s', async (file, each) => {
    const verdict = await verifyBundle(readFileSync(join(folder, file)), trustOf(each))
    const { ok, trusted, subject, value, checks } = each
    expect(essence(verdict), JSON.stringify(verdict.checks, null, 1)).toEqual({ ok, trusted, subject, value, checks })
    expect(verdict.checks.map((check) => check.id)).toEqual(kOrder)
  })
})

const mingjian = process.env['MINGJIAN'] ?? ''
describe.skipIf(!existsSync(mingjian))('the program of the platform', () => {
  it('says the same of every case', { timeout: 120_000 }, async () => {
    for (const each of cases) {
      const file = join(folder, each.file)
      const trust = each.trust === null ? [] : ['--trust', join(folder, each.trust)]
      const options = ['verify-bundle', file, '--format', 'json', ...trust]
      let output: string
      try {
        output = execFileSync(mingjian, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      } catch (error) {
        output = (error as { stdout: string }).stdout
      }
      expect(essence(JSON.parse(output)), each.file).toEqual(essence(await verifyBundle(readFileSync(file), trustOf(each))))
    }
  })
})
