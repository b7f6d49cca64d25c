import { demand, equal, refuse, Refused, textOf, utf8 } from './bytes'
import { checkFigure, checkSteps, checkTables } from './derive'
import { readBundle, type Bundle } from './form'
import { makePolicy, readCheckpoint, readKey, readNote, readTrust, signaturesOf, type Checkpoint, type Note } from './note'
import { kKey } from './packet'
import { inForceAt, readRing, revokedAt, type Member } from './ring'
import { checkStatements } from './statements'
import { timestampOver } from './timestamp'
import { checkRoot, sha256, sm3, type ProofNode } from './tree'
export { Refused }
/** One check of bundle.md §4; `text` is English: what was found. */
export type Check = { id: string; outcome: 'passed' | 'failed' | 'absent'; text: string }
/** `ok`: no check failed. `trusted`: the log's keys came from the trust file, not from the bundle. */
export type Verdict = { ok: boolean; trusted: boolean; subject: string; value: string; checks: Check[] }
/** Verifies a bundle without network, clock or WebCrypto. `trust` is the text of a trust file (bundle.md §5); one that cannot be read
 * throws Refused, everything else is in the verdict. `onProgress` hears of each of the 12 checks that is done. */
export function verifyBundle(input: Uint8Array | string, trust = '', onProgress = (_done: number, _all: number): void => {}): Verdict {
  const known = readTrust(trust)
  const checks: Check[] = []
  const failed = (...ids: string[]) => checks.some((check) => check.outcome === 'failed' && ids.includes(check.id))
  /** Runs a check that rests on others; one that gives undefined is absent. Whatever is thrown fails it. */
  const judge = (id: string, basis: string[], check: () => string | number | undefined) => {
    try {
      demand(!failed('format', ...basis), 'not judged')
      const text = check()
      checks.push({ id, outcome: text === undefined ? 'absent' : 'passed', text: String(text ?? '') })
    } catch (error) {
      checks.push({ id, outcome: 'failed', text: error instanceof Error ? error.message : String(error) })
    }
    onProgress(checks.length, 12)
  }
  let [bundle, note, checkpoint, ring] = [{} as Bundle, {} as Note, {} as Checkpoint, [] as Member[]]
  const seen: number[] = [] // milliseconds at which somebody else saw the checkpoint
  judge('format', [], () => {
    demand((typeof input === 'string' ? utf8(input) : input).length <= 128 * 2 ** 20, 'the bundle has more than 128 MiB')
    bundle = readBundle(typeof input === 'string' ? input : textOf(input))
    return `${bundle.entries.size} entries, ${bundle.steps.length} steps, made ${bundle.made_at}`
  })
  judge('keys', [], () => {
    ring = readRing(bundle.keyring)
    for (const { entry, note } of ring) {
      const held = bundle.entries.get(entry)
      demand(!held || (held.type === kKey && equal(held.payload, utf8(note))), `entry ${entry} is not the key statement of the ring`)
    }
    demand(ring.some(({ keys }) => known.logKeys.every((key) => keys.some(({ text }) => text === key.text))), 'the trusted keys are not those of this log')
    return `${ring.length} statements; the keys are ${known.logKeys.length ? 'trusted' : 'those of the bundle itself'}`
  })
  judge('checkpoint', ['keys'], () => {
    note = readNote(bundle.checkpoint)
    checkpoint = readCheckpoint(note.text)
    const { origin, keys } = inForceAt(ring, checkpoint.size)
    demand(checkpoint.origin === origin, `the checkpoint is of ${checkpoint.origin}, the keys of ${origin}`)
    for (const key of keys) demand(signaturesOf(note, key).length, `the ${key.kind} signature of ${key.name} is missing`)
    const left = ring.slice(1).find(({ entry }) => entry < checkpoint.size && !bundle.entries.has(entry))
    demand(!left, `the key statement in entry ${left?.entry} is not among the entries`)
    return `${origin}, ${checkpoint.size} entries, signed by ${keys.length} keys`
  })
  judge('witnesses', ['checkpoint'], () => {
    const { quorum, witnesses } = known.policy ?? makePolicy(bundle.policy.quorum, bundle.policy.witnesses.map(readKey))
    const times = witnesses.map((witness) => signaturesOf(note, witness))
    const by = witnesses.filter((_, i) => times[i]!.length).map((witness) => witness.name)
    const text = `${by.length} signed, ${quorum} needed${known.policy ? '' : ', by the policy of the bundle itself'}: ${by.join(', ')}`
    demand(by.length >= quorum, text)
    seen.push(...times.flat().map((seconds) => seconds * 1000))
    return by.length || quorum ? text : undefined
  })
  judge('timestamp', ['checkpoint'], () => {
    if (bundle.timestamp === null) return undefined
    const at = timestampOver(sha256(utf8(note.text)), bundle.timestamp, known.timestampPem || (bundle.timestamp_trust ?? ''))
    seen.push(at.getTime())
    return `${at.toISOString()}, by ${known.timestampPem ? 'a trusted authority' : 'an authority that the bundle itself names'}`
  })
  judge('revocation', ['checkpoint'], () => {
    const revoked = revokedAt(ring, checkpoint.size)
    demand(revoked === undefined || !failed('witnesses', 'timestamp'), 'not judged')
    demand(revoked === undefined || seen.some((at) => at < revoked), 'the keys were revoked, and nobody saw the checkpoint before')
    return revoked && 'the keys were revoked later, but somebody saw the checkpoint before'
  })
  judge('inclusion', ['checkpoint'], () => checkRoot(sha256, checkpoint.size, checkpoint.root, bundle.entries, bundle.proof.sha256))
  judge('sm3', ['checkpoint'], () => {
    const places = (nodes: ProofNode[]) => nodes.map(([level, index]) => [level, index]).join()
    demand(places(bundle.proof.sm3) === places(bundle.proof.sha256), 'the nodes of the SM3 tree are at other places')
    return checkRoot(sm3, checkpoint.size, checkpoint.sm3Root ?? refuse('the checkpoint has no SM3 root'), bundle.entries, bundle.proof.sm3)
  })
  judge('statements', ['inclusion'], () => (bundle.name && bundle.statements.length === 0 ? undefined : checkStatements(bundle)))
  judge('tables', [], () => (bundle.tables.length ? checkTables(bundle) : undefined))
  judge('derivation', [], () => (bundle.steps.length ? checkSteps(bundle) : undefined))
  judge('figure', ['derivation'], () => (bundle.figure ? checkFigure(bundle) : undefined))
  const { subject, figure } = failed('format') ? {} : bundle
  return {
    ok: checks.every((check) => check.outcome !== 'failed'), trusted: known.logKeys.length > 0 && !failed('keys'),
    subject: !subject ? '' : subject.kind === 'figure' ? subject.figure : `device ${subject.device} ${subject.from} ${subject.to}`,
    value: figure ? figure.value + (figure.unit && ` ${figure.unit}`) : '', checks,
  }
}
