import { base64, demand, equal, refuse, utf8 } from './bytes'
import { isTime } from './figure'
import { readKey, readNote, signaturesOf } from './note'
import { sha256 } from './tree'

const kStatement = new RegExp(['^mingjian key statement v1', 'origin (.+)', 'number (.+)', 'previous (.+)',
  'action (create|rotate|recover|revoke|succeed)', 'time (.+)', 'key (.+)', 'key (.+)', 'recovery (.+)', 'by (.+)', 'reason (.+)', '$'].join('\n'))
/** A key statement 密钥声明 that follows from the one before. `entry` is −1 for the first, the trust anchor; `at` in milliseconds. */
function readMember(entry: number, text: string, before: Member | undefined): Member {
  const number = before ? before.number + 1 : 0
  const what = `key statement ${number}`
  const note = readNote(text)
  const [, origin, counted, previous, action, time, first, second, last] = kStatement.exec(note.text) ?? refuse(`${what} has not the lines of one`)
  const follows = before ? equal(base64(previous!) ?? utf8(''), sha256(utf8(before.note))) : previous === 'none'
  demand(counted === String(number) && follows, `${what} does not name the statement before`)
  demand((action === 'create') === !before && isTime(time!), `${what} has a wrong action or time`)
  demand((origin !== before?.origin) === (action === 'create' || action === 'succeed'), `${what} has a wrong origin`)
  const keys = [readKey(first!), readKey(second!)]
  demand(keys.map((key) => key.kind).sort().join() === 'ed25519,sm2', `${what} has not one Ed25519 and one SM2 key`)
  const recovery = last === 'none' ? undefined : readKey(last!)
  const spare = action === 'create' ? recovery : before?.recovery
  const others = action === 'rotate' || action === 'succeed' ? before!.keys : spare ? [spare] : []
  demand(others.length > 0 || action === 'create', `${what}: there is no recovery key`)
  for (const key of [...others, ...keys]) demand(signaturesOf(note, key).length, `${what} is not signed by ${key.name} (${key.kind})`)
  return { entry, number, note: text, action: action!, origin: origin!, at: Date.parse(time!), keys, recovery }
}
export type Member = {
  entry: number; number: number; note: string; action: string; origin: string; at: number
  keys: ReturnType<typeof readKey>[]; recovery: ReturnType<typeof readKey> | undefined
}
/** The text of the file `keyring`, all statements in order: evidence-log.md §8. */
export function readRing(text: string): Member[] {
  const members: Member[] = []
  const [head, ...parts] = text.split(/^at (genesis|0|[1-9]\d{0,15})\n/m)
  demand(head === '' && parts.length > 0, 'the key ring does not begin with a statement')
  for (let at = 0; at < parts.length; at += 2) {
    const entry = parts[at] === 'genesis' ? -1 : Number(parts[at])
    const before = members.at(-1)
    demand(before ? entry > before.entry : entry === -1, 'the entries of the key statements do not ascend')
    demand(parts[at + 1]!.endsWith('\n\n'), 'a key statement does not end with an empty line')
    members.push(readMember(entry, parts[at + 1]!.slice(0, -1), before))
  }
  return members
}
/** The statement whose keys had to sign a checkpoint of this size. */
export const inForceAt = (ring: Member[], size: number): Member => ring.filter((member) => member.entry < size).at(-1)!
/** When the keys in force at this size were revoked, in milliseconds. */
export const revokedAt = (ring: Member[], size: number): number | undefined =>
  ring.slice(inForceAt(ring, size).number + 1).find((member) => member.action === 'revoke')?.at
