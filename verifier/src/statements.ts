import { sha256 } from '@noble/hashes/sha2'
import * as v from 'valibot'

import { base64, demand, equal, join, latin1, textOf, utf8 } from './bytes'
import { kEvent, type Entry } from './packet'
import { filled, inCalendar } from './figure'
import { is, number, shaped, text, time, type Bundle } from './form'
import { leafHash } from './tree'
const day = v.pipe(text, is('day', (value) => /^\d{4}-\d\d-\d\d$/.test(value) && inCalendar(filled(value.replaceAll('-', '')))))
const hash = v.pipe(text, is('hash', (value) => value.length === 44 && base64(value)?.length === 32))
/** `device.day` 设备日清单, version 1, in its canonical order: decisions.md. */
const kDay = v.strictObject({
  kind: v.literal('device.day'), version: v.literal(1), device: text, day, revision: number,
  from: number, to: number, count: number, sequence: number, chain_before: hash, chain_after: hash,
  series: v.array(v.strictObject({ st: text, cn: text, factor: text, kind: text, expected: number, received: number })), more_series: number,
  gaps: v.array(v.strictObject({ st: text, cn: text, from: time, to: time, intervals: number, explained_by: v.nullable(number) })), more_gaps: number,
})
function readDay(entry: Entry, device: string) {
  demand(entry.type === kEvent && entry.device === latin1(utf8(device)), `entry ${entry.index} is no event of the device`)
  const [json, what] = [textOf(entry.payload), `entry ${entry.index}`]
  const read = shaped(kDay, json, what)
  // Valibot gives the members in the order of the schema, which is the canonical one.
  demand(JSON.stringify(read) === json && read.device === device, `${what} is no device.day in its canonical spelling, or about another device`)
  demand(read.count <= read.to - read.from && read.to <= entry.index, `entry ${entry.index} states what cannot be at its place`)
  return { ...read, begin: Date.parse(`${read.day}T00:00:00+08:00`), before: base64(read.chain_before)!, after: base64(read.chain_after)! }
}
/** The check `statements` of a device: bundle.md §4. */
export function checkStatements(bundle: Bundle): string {
  const { subject } = bundle
  demand(subject.kind === 'device' && bundle.statements.length > 0, 'a figure has statements, or a device has none')
  const mn = latin1(utf8(subject.device))
  const days = bundle.statements.map((index) => readDay(bundle.entries.get(index)!, subject.device))
  const own = [...bundle.entries.values()].filter((entry) => entry.type !== kEvent && entry.device === mn)
  const [first, last] = [days[0]!, days.at(-1)!]
  let { from, sequence, before: link, begin } = { ...first, begin: -Infinity }
  demand(sequence > 0 || equal(link, sha256(utf8(`mingjian device chain v1\n${subject.device}`))), 'the chain does not begin at its start')
  let next = own.findIndex((entry) => entry.index >= from)
  for (const each of days) {
    const joins = each.begin > begin && each.from === from && each.sequence === sequence && equal(each.before, link)
    demand(joins, `the statement of ${each.day} does not join the one before`)
    let count = 0
    for (; (own[next]?.index ?? Infinity) < each.to; next++, count++) link = sha256(join(link, leafHash(sha256, own[next]!.bytes)))
    demand(count === each.count, `the statement of ${each.day} counts ${each.count} entries of the device; the bundle holds ${count}`)
    demand(equal(each.after, link), `the chain over the entries does not lead to the end of the statement of ${each.day}`)
    ;[from, sequence, begin] = [each.to, sequence + count, each.begin]
  }
  demand(first.sequence === 0 || first.from === 0 || first.begin <= Date.parse(subject.from), 'the first statement begins after the time asked for')
  demand(last.begin + 86_400_000 >= Date.parse(subject.to), 'the last statement ends before the time asked for')
  return `${days.length} statements: ${sequence - first.sequence} entries, none left out`
}
