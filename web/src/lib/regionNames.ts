/** Names of regions by their GB/T 2260 code, as the register has them. */
import { shallowRef } from 'vue'

import type { Name } from '@/api/client'
import { mostRecords, register } from '@/api/register'
import { recordName } from './register'
import { useWords } from './words'

const keepMs = 60_000
let held: { until: number; names: Promise<Map<string, Name>> } | null = null

function namesOfRegions(): Promise<Map<string, Name>> {
  if (held && held.until > Date.now()) return held.names
  const names = register.records('region', { limit: mostRecords }).then(({ rows }) => new Map(rows.map((row) => [row.id, recordName(row)])))
  held = { until: Date.now() + keepMs, names }
  names.catch(() => (held = null))
  return names
}

/** Until the names have come, and for a region that the register does not know, the code stands for itself. */
export function useRegionNames(): (code: string) => string {
  const { district } = useWords()
  const names = shallowRef(new Map<string, Name>())
  namesOfRegions().then(
    (found) => (names.value = found),
    () => undefined,
  )
  return (code) => {
    const found = names.value.get(code)
    return found === undefined ? code : district(found)
  }
}
