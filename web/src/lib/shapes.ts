import { computed, type ComputedRef } from 'vue'

import type { RegisterGeometry } from '@/api/register'
import type { Geometry } from './geo'
import { useWords } from './words'

export interface MapShape {
  id: string
  name: string
  geometry: Geometry
}
const levels = ['nation', 'province', 'city', 'district']

/** The finest level of regions with a shape: a province over its districts would hide them. */
export function finest(features: RegisterGeometry['features']): RegisterGeometry['features'] {
  const rank = (level: string | null): number => (level === null ? -1 : levels.indexOf(level))
  const best = Math.max(-1, ...features.map(({ properties }) => rank(properties.level)))
  return features.filter(({ properties }) => rank(properties.level) === best)
}

/** Shapes of the register for a map, named in the language of the screen. */
export function useShapes(collection: () => RegisterGeometry | null, finestOnly = false): ComputedRef<MapShape[]> {
  const { name } = useWords()
  return computed(() => {
    const features = collection()?.features ?? []
    return (finestOnly ? finest(features) : features).map(({ properties, geometry }) => ({ id: properties.id, name: name(properties.name), geometry }))
  })
}
