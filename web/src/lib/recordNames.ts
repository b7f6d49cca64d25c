import { onScopeDispose, shallowReactive, watch, type Ref } from 'vue'

import { mostRecords, register, type RegisterRecord } from '@/api/register'
import { recordName } from './register'

/** Names of the records that others refer to: each kind is asked for once for a day, when it is first needed. */
export function useRecordNames(kinds: Ref<readonly string[]>, asOf: Ref<string | undefined>) {
  const records = shallowReactive(new Map<string, readonly RegisterRecord[]>())
  const names = shallowReactive(new Map<string, ReadonlyMap<string, { zh: string; en: string }>>())
  let stop = new AbortController()
  const asked = new Set<string>()
  function ask(): void {
    for (const kind of kinds.value) {
      if (asked.has(kind)) continue
      asked.add(kind)
      const { signal } = stop
      register.records(kind, { limit: mostRecords, ...(asOf.value ? { as_of: asOf.value } : {}) }, signal).then(
        ({ rows }) => {
          records.set(kind, rows)
          names.set(kind, new Map(rows.map((row) => [row.id, recordName(row)])))
        },
        // Ids stand where names are not to be had; the next change of the day asks again.
        () => asked.delete(kind),
      )
    }
  }
  function again(): void {
    stop.abort()
    stop = new AbortController()
    asked.clear()
    ask()
  }
  watch(kinds, ask, { immediate: true })
  watch(asOf, again)
  onScopeDispose(() => stop.abort())
  return {
    again,
    of: (kind: string): readonly RegisterRecord[] => records.get(kind) ?? [],
    name: (kind: string | null, id: string): { zh: string; en: string } | undefined => (kind === null ? undefined : names.get(kind)?.get(id)),
  }
}
export type RecordNames = ReturnType<typeof useRecordNames>
