import { base64, demand, equal, refuse, utf8 } from './bytes'
import { isTime } from './figure'
import { readKey, readNote, signaturesOf, type VerifierKey } from './note'
import { sha256 } from './tree'
const kStatement = new RegExp(['^mingjian key statement v1', 'origin (.+)', 'number (.+)', 'previous (.+)',
  'action (create|rotate|recover|revoke|succeed)', 'time (.+)', 'key (.+)', 'key (.+)', '(?:recovery (.+)', ')?by (.+)', 'reason (.+)', '$'].join('\n'))
/** A key statement 密钥声明 that follows from the one before. `entry` is −1 for the first, the trust anchor; `at` in milliseconds. */
function readMember(entry: number, text: string, before: Member | undefined): Member {
  const number = before ? before.number + 1 : 0
  const [what, note] = [`key statement ${number}`, readNote(text)]
  const [, origin, counted, previous, action, time, first, second, last] = kStatement.exec(note.text) ?? refuse(`${what} has not the lines of one`)
  const follows = before ? equal(base64(previous!) ?? utf8(''), sha256(utf8(before.note))) : previous === 'none'
  demand(counted === String(number) && follows, `${what} does not name the statement before`)
  demand((action === 'create') === !before && isTime(time!) && /^[^.]*(\.(?!000)\d{3})?\+08:00$/.test(time!), `${what} has a wrong action or time`)
  demand((origin !== before?.origin) === (action === 'create' || action === 'succeed'), `${what} has a wrong origin`)
  const [keys, recovery] = [[readKey(first!), readKey(second!)], last === undefined ? undefined : readKey(last)]
  const named = keys.every((key, at) => key.name === origin && key.kind === ['ed25519', 'sm2'][at])
  demand(named && (!recovery || (recovery.kind === 'ed25519' && recovery.text !== keys[0]!.text)), `${what} has not the keys it must have`)
  const byRecovery = action === 'recover' || action === 'revoke'
  demand(byRecovery ? before!.recovery : !before || recovery?.text === before.recovery?.text, `${what}: the recovery key may not do that`)
  demand(!before?.keys.some((old) => keys.some((key) => equal(key.publicKey, old.publicKey))), `${what} names a key that was in force before`)
  const due = [...(byRecovery ? [before!.recovery!] : before?.keys ?? []), ...keys, ...(recovery && recovery.text !== before?.recovery?.text ? [recovery] : [])]
  const inOrder = due.every((key, at) => note.signatures[at]?.name === key.name && equal(note.signatures[at].id, key.id))
  demand(inOrder && note.signatures.length === due.length, `${what}: the signatures are not those that are due, in their order`)
  for (const key of due) signaturesOf(note, key)
  return { entry, number, note: text, action: action!, origin: origin!, at: Date.parse(time!), keys, recovery }
}
export type Member = { entry: number; number: number; note: string; action: string; origin: string; at: number; keys: VerifierKey[]; recovery: VerifierKey | undefined }
/** The text of the file `keyring`, all statements in order: evidence-log.md §8. */
export function readRing(text: string): Member[] {
  const members: Member[] = []
  const [head, ...parts] = text.split(/^at (genesis|0|[1-9]\d{0,15})\n/m)
  demand(head === '' && parts.length > 0, 'the key ring does not begin with a statement')
  for (let at = 0; at < parts.length; at += 2) {
    const [entry, before] = [parts[at] === 'genesis' ? -1 : Number(parts[at]), members.at(-1)]
    demand(before ? entry > before.entry : entry === -1, 'the entries of the key statements do not ascend')
    demand(parts[at + 1]!.endsWith('\n\n'), 'a key statement does not end with an empty line')
    members.push(readMember(entry, parts[at + 1]!.slice(0, -1), before))
  }
  return members
}
/** The statement whose keys had to sign a checkpoint of this size. */
export const inForceAt = (ring: Member[], size: number): Member => ring.filter((member) => member.entry < size).at(-1)!
/** When the keys in force at this size were revoked, in milliseconds. Keys rotated out before are not touched by a revocation. */
export const revokedAt = (ring: Member[], size: number): number | undefined =>
  ring.slice(inForceAt(ring, size).number + 1, inForceAt(ring, size).number + 2).find((member) => member.action === 'revoke')?.at
