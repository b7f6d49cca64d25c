import { describe, expect, it } from 'vitest'

import { verifyBundle, type Verdict } from '../src/index'
import { b64, encode, logKeys, nextKeys, note, recoveryKey, TestKey, witnesses } from './builder'
import { aqiBundle, build, deviceBundle, devicePlan, frame, meanBundle, previousOf, statement, valueBundle, waterBundle, type Loose } from './bundles'

const verify = async (bundle: Loose, trust = ''): Promise<Verdict> => verifyBundle(JSON.stringify(bundle), trust)
const failed = (verdict: Verdict): string[] => verdict.checks.filter((check) => check.outcome === 'failed').map((check) => check.id)
/** The first check that fails, as the others rest on it. */
const firstFailed = async (bundle: Loose, trust = ''): Promise<string | undefined> => failed(await verify(bundle, trust))[0]
const changed = (bundle: Loose, change: (bundle: Loose) => void): Loose => {
  change(bundle)
  return bundle
}

describe('a good bundle', () => {
  it.each([
    ['value', valueBundle, '35.55 mg/L'], ['mean', meanBundle, '33.4'], ['AQI', aqiBundle, '85'], ['water class', waterBundle, '4'], ['device', deviceBundle, ''],
  ] as const)('of a %s passes', async (_, make, value) => {
    const verdict = await verify(make())
    expect(failed(verdict), JSON.stringify(verdict.checks, null, 1)).toEqual([])
    expect(verdict).toMatchObject({ ok: true, trusted: false, value })
  })
  it('is trusted when the keys come from elsewhere, and refused when they are others', async () => {
    const trust = logKeys.map((key) => `log ${key.vkey}\n`).join('')
    expect(await verify(valueBundle(), `# our keys\n\n${trust}`)).toMatchObject({ ok: true, trusted: true })
    expect(await verify(valueBundle(), `log ${nextKeys[0]!.vkey}\n`)).toMatchObject({ ok: false, trusted: false })
  })
  it('is one also as bytes, and tells how far the work is', async () => {
    const heard: number[] = []
    const bytes = new TextEncoder().encode(JSON.stringify(deviceBundle()))
    expect((await verifyBundle(bytes, '', (done, all) => heard.push(done / all))).ok).toBe(true)
    expect(heard.at(-1)).toBe(1)
    expect([...heard].sort((a, b) => a - b)).toEqual(heard)
  })
  it('needs no WebCrypto', async () => {
    const crypto = Object.getOwnPropertyDescriptor(globalThis, 'crypto')!
    Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true })
    try {
      expect((await verify(valueBundle())).ok).toBe(true)
    } finally {
      Object.defineProperty(globalThis, 'crypto', crypto)
    }
  })
})

describe('the form', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'extra'])('refuses the unknown member %s anywhere', async (name) => {
    const json = JSON.stringify(valueBundle())
    for (const place of ['"format"', '"kind"', '"quorum"', '"op"', '"unit"', '"sha256"']) {
      expect(json).toContain(place)
      expect(failed(await verifyBundle(json.replace(place, `"${name}":"x",${place}`)))[0], place).toBe('format')
    }
  })
  it('refuses a member that stands twice, also when it is spelt with an escape', async () => {
    const json = JSON.stringify(valueBundle())
    expect(failed(await verifyBundle(json.replace('"version":1', '"version":1,"version":1')))[0]).toBe('format')
    expect(failed(await verifyBundle(json.replace('"version":1', '"version":1,"versio\\u006e":1')))[0]).toBe('format')
    expect((await verifyBundle(json.replace('"version"', '"versio\\u006e"'))).ok).toBe(true)
  })
  it.each(['', '{}', '[]', 'null', '1', '"x"', '{', '\ufeff{}', '[[[[[[[]]]]]]]', '{"a":1.0}'])('refuses %j without throwing', async (text) => {
    const verdict = await verifyBundle(text)
    expect(verdict).toMatchObject({ ok: false, trusted: false, subject: '', value: '' })
    expect(failed(verdict)).toHaveLength(12)
  })
  it('refuses what is no UTF-8', async () => expect(failed(await verifyBundle(Uint8Array.of(0x7b, 0xff, 0x7d)))).toHaveLength(12))
  it('is not slowed down by long runs of escapes, blanks and zeroes', async () => {
    const json = JSON.stringify(valueBundle())
    const long = json.replace('"0.1.0"', `"${'\\"'.repeat(300_000)}${'\\\\'.repeat(300_000)}"`)
    const started = performance.now()
    expect((await verifyBundle(long)).ok).toBe(true)
    const blanks = frame('20261121050000', `x=${' '.repeat(30_000)}.,w01018-Rtd=35.55`)
    const bundle = valueBundle({ entries: [blanks], held: [0], steps: [{ op: 'field', entry: 0, name: 'w01018-Rtd', group: 1, result: '35.55' }] })
    expect((await verify(bundle)).ok).toBe(true)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('a changed bundle', () => {
  it('is refused wherever a character of its keys, checkpoint, entries or proof was changed', async () => {
    const json = JSON.stringify(valueBundle())
    const guarded = (name: string, end: string) => [json.indexOf(`"${name}"`) + name.length + 4, json.indexOf(end, json.indexOf(`"${name}"`))] as const
    for (const [begin, end] of [guarded('keyring', '","'), guarded('checkpoint', '","'), guarded('entries', ']]'), guarded('proof', ']]}')]) {
      for (let at = begin; at < end; at += 41) {
        const other = json[at] === 'A' ? 'B' : 'A'
        const verdict = await verifyBundle(json.slice(0, at) + other + json.slice(at + 1))
        expect(verdict.ok, `${at}: ${json.slice(at - 20, at + 20)}`).toBe(json[at] === other)
      }
    }
  }, 60_000)
  it.each<[string, string, () => Loose]>([
    ['another entry', 'inclusion', () => changed(valueBundle(), (b) => (b.entries[0][1] = b64(encode(frame('20261121050000', 'w01018-Rtd=35.55,x=1')))))],
    ['an entry at another index', 'inclusion', () => changed(valueBundle(), (b) => ((b.entries[0][0] = 4), (b.steps[0].entry = 4)))],
    ['the SM3 proof of another entry', 'sm3', () => changed(valueBundle(), (b) => (b.proof.sm3 = valueBundle({ held: [4], steps: [] }).proof.sm3))],
    ['SHA-256 nodes in the SM3 proof', 'sm3', () => changed(valueBundle(), (b) => (b.proof.sm3 = b.proof.sha256))],
    ['another result', 'derivation', () => changed(valueBundle(), (b) => (b.steps[0].result = b.figure.value = '35.56'))],
    ['another value', 'figure', () => changed(valueBundle(), (b) => (b.figure.value = '35.56'))],
    ['another DataTime', 'figure', () => changed(valueBundle(), (b) => (b.subject.figure = b.subject.figure.replace('050000', '060000')))],
    ['only one witness', 'witnesses', () => valueBundle({ cosigners: [witnesses[0]!] })],
    ['one witness twice', 'witnesses', () => valueBundle({ cosigners: [witnesses[0]!, witnesses[0]!] })],
    ['a cosignature by another key of that name', 'witnesses', () => valueBundle({ cosigners: [witnesses[0]!, new TestKey(witnesses[1]!.name, 'cosignature', 99)] })],
    ['keys not of the log', 'checkpoint', () => valueBundle({ keys: nextKeys })],
    ['no SM2 signature', 'checkpoint', () => valueBundle({ keys: [logKeys[0]!] })],
    ['no Ed25519 signature', 'checkpoint', () => valueBundle({ keys: [logKeys[1]!] })],
    ['an SM2 signature with another user id', 'checkpoint', () => changed(valueBundle(), (b) => {
      const [text] = b.checkpoint.split('\n\n')
      b.checkpoint = note(`${text}\n`, logKeys, { userId: '1234567812345679' })
    })],
    ['a table of another year', 'tables', () => changed(aqiBundle(), (b) => (b.tables[0].valid_from = '2027-01-01'))],
    ['other breakpoints', 'derivation', () => changed(aqiBundle(), (b) => (b.tables[1].rows[1][0] = '60'))],
    ['the AQI of other factors than the figure', 'figure', () => changed(aqiBundle(), (b) => ((b.steps[7] = { ...b.steps[7], inputs: [2], result: '57' }), (b.steps.length = 8)))],
    ['an entry of the device left out', 'statements', () => {
      const plan = devicePlan()
      return build({ ...plan, held: plan.held.filter((index) => index !== 4) })
    }],
    ['the last day left out', 'statements', () => {
      const plan = devicePlan()
      return build({ ...plan, statements: plan.statements!.slice(0, 1) })
    }],
    ['a statement twice', 'format', () => changed(deviceBundle(), (b) => b.statements.push(b.statements[1]))],
  ])('with %s fails %s', async (_, check, make) => {
    expect(await firstFailed(make())).toBe(check)
  })
  it('that leaves a factor out of the AQI and says so is another figure: its greatest is proved, not that it is all', async () => {
    // What a bundle does not show is said in bundle.md: which factors a point has.
    const bundle = aqiBundle()
    bundle.steps[7] = { ...bundle.steps[7], inputs: [2], result: '57' }
    bundle.steps.length = 8
    bundle.figure = { value: '57', unit: '', step: 7 }
    expect((await verify(bundle)).ok).toBe(true)
  })
})

describe('keys', () => {
  const first = statement()
  const later = (action: string, more: object = {}) =>
    statement({ number: 1, previous: previousOf(first), action, keys: nextKeys, at: '2026-11-21T10:00:00+08:00', signers: [...logKeys, ...nextKeys], ...more })
  /** The bundle of a log whose second statement stands in entry 11. */
  const withSecond = (second: string, plan: object = {}): Loose => {
    const entries = [...Array.from({ length: 11 }, (_, i) => frame(`20261121${String(i).padStart(2, '0')}0000`, `w01018-Rtd=${30 + i}.${i}5`)), { type: 6, payload: second }]
    return valueBundle({ entries, held: [5, 11], keys: nextKeys, keyring: `at genesis\n${first}\nat 11\n${second}\n`, ...plan })
  }
  const byRecovery = [recoveryKey, ...nextKeys]

  it('may change, when the old ones sign', async () => expect(failed(await verify(withSecond(later('rotate'))))).toEqual([]))
  it('may be recovered, when the recovery key signs', async () =>
    expect(failed(await verify(withSecond(later('recover', { signers: byRecovery }))))).toEqual([]))
  it.each<[string, string, object]>([
    ['rotation without the old SM2 key', 'rotate', { signers: [logKeys[0]!, ...nextKeys] }], ['rotation without the new keys', 'rotate', { signers: logKeys }],
    ['recovery signed by the old keys', 'recover', {}], ['revocation signed by the old keys', 'revoke', {}], ['a second beginning', 'create', {}],
    ['an unknown action', 'renew', {}], ['a wrong number', 'rotate', { number: 2 }], ['another statement before', 'rotate', { previous: previousOf('x') }],
    ['rotation under another origin', 'rotate', { origin: 'other.example/log' }], ['two SM2 keys', 'rotate', { keys: [nextKeys[1]!, nextKeys[1]!] }],
  ])('do not change by %s', async (_, action, more) => expect(await firstFailed(withSecond(later(action, more)))).toBe('keys'))
  it('that were rotated out sign no more', async () => expect(await firstFailed(withSecond(later('rotate'), { keys: logKeys }))).toBe('checkpoint'))
  it('are proved to have changed by the entry itself', async () => {
    expect(await firstFailed(withSecond(later('rotate'), { held: [5] }))).toBe('checkpoint')
    expect(await firstFailed(withSecond(later('rotate'), { keyring: `at genesis\n${first}\nat 5\n${later('rotate')}\n` }))).toBe('keys')
  })
  it('that were revoked count when a witness saw the checkpoint before, and not otherwise', async () => {
    const keyring = `at genesis\n${first}\nat 500\n${later('revoke', { signers: byRecovery })}\n`
    const revoked = Date.parse('2026-11-21T10:00:00+08:00') / 1000
    expect(failed(await verify(valueBundle({ keyring, seconds: revoked - 1 })))).toEqual([])
    expect(await firstFailed(valueBundle({ keyring, seconds: revoked }))).toBe('revocation')
    const unseen = changed(valueBundle({ keyring, cosigners: [] }), (bundle) => (bundle.policy.quorum = 0))
    expect(await firstFailed(unseen)).toBe('revocation')
  })
})

describe('the trust file', () => {
  it.each(['log', 'log x', 'foo bar', `log ${witnesses[0]!.vkey}`, `witness ${logKeys[0]!.vkey}`, 'quorum x', 'quorum 1\nquorum 1', `log ${logKeys[0]!.vkey} more`])(
    'is refused when it says %j', async (trust) => expect(verify(valueBundle(), trust)).rejects.toThrow())
  it('replaces the policy: all witnesses that it names, or the quorum', async () => {
    const names = (keys: TestKey[]) => keys.map((key) => `witness ${key.vkey}\n`).join('')
    expect((await verify(valueBundle(), names(witnesses.slice(0, 2)))).ok).toBe(true)
    expect(await firstFailed(valueBundle(), names(witnesses))).toBe('witnesses')
    expect((await verify(valueBundle(), `${names(witnesses)}quorum 2\n`)).ok).toBe(true)
    expect(await firstFailed(valueBundle(), `${names(witnesses.slice(2))}`)).toBe('witnesses')
    const verdict = await verify(valueBundle(), 'quorum 0\n')
    expect(verdict.checks.find((check) => check.id === 'witnesses')!.outcome).toBe('absent')
  })
})
