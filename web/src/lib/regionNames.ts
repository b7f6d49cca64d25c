/** Names of regions by their GB/T 2260 code, as the register has them. */
import { shallowRef } from 'vue'

import type { Name } from '@/api/client'
import { areaOf, regionShapes } from './regionShapes'
import { useWords } from './words'

/** Names come once for a screen; until then, and for a region without a shape, the code stands for itself. */
export function useRegionNames(): (code: string) => string {
  const { district } = useWords()
  const names = shallowRef(new Map<string, Name>())
  regionShapes().then(
    ({ features }) => (names.value = new Map(features.map((feature) => [areaOf(feature).id, areaOf(feature).name]))),
    () => undefined,
  )
  return (code) => {
    const found = names.value.get(code)
    return found === undefined ? code : district(found)
  }
}
