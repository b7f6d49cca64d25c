import { computed, type ComputedRef, type Ref } from 'vue'

import type { ApiError } from '@/api/client'
import { register, type RegisterGeometry } from '@/api/register'
import type { Geometry } from './geo'
import { cover, shapeOf, type Feature, type RegionShape } from './regionShapes'
import { useRequest } from './request'
import { useWords } from './words'

export interface MapRegion extends Omit<RegionShape, 'name'> {
  /** In the language of the screen. */
  name: string
}
export interface MapRiver {
  geometry: Geometry
  /** 1 is the largest; null when that is not told. */
  order: number | null
}
export interface BaseMap {
  regions: ComputedRef<MapRegion[]>
  rivers: ComputedRef<MapRiver[]>
  loaded: ComputedRef<boolean>
  error: Ref<ApiError | null>
  reload: () => void
}

/** Places a screen tells apart, with room for a zoom. */
const across = 2000
const keepMs = 60_000

interface Ground {
  regions: RegionShape[]
  rivers: MapRiver[]
}
const held = new Map<string, { until: number; ground: Promise<Ground> }>()

async function shipped(file: string): Promise<Feature[]> {
  const answer = await fetch(`/geo/${file}`)
  if (!answer.ok) throw new Error(file)
  return ((await answer.json()) as { features: Feature[] }).features
}
const drawnOf = (collection: RegisterGeometry): Feature[] => collection.features as Feature[]

/** The register's outlines and rivers; while it has none, those of the shipped base map. */
async function load(asOf: string | undefined): Promise<Ground> {
  const [outlines, lines] = await Promise.all([register.geometry('region', { as_of: asOf, across }), register.geometry('river', { as_of: asOf, across })])
  const regions = outlines.features.length > 0 ? drawnOf(outlines) : await shipped('chongqing_districts.geojson')
  const rivers = lines.features.length > 0 ? drawnOf(lines) : await shipped('rivers_chongqing_region.geojson')
  return {
    regions: cover(regions.flatMap((feature) => shapeOf(feature) ?? [])),
    rivers: rivers.flatMap(({ geometry, properties }) => (geometry ? [{ geometry, order: Number(properties.level) || null }] : [])),
  }
}

/** Screens share one ground for a while: it changes when somebody changes the register, and is the largest thing a page asks for. */
function groundOf(asOf: string | undefined, fresh: boolean): Promise<Ground> {
  const key = asOf ?? ''
  const found = held.get(key)
  if (found && !fresh && found.until > Date.now()) return found.ground
  const ground = load(asOf)
  held.set(key, { until: Date.now() + keepMs, ground })
  ground.catch(() => held.delete(key))
  return ground
}

/** The ground under the points of a map: of the regions of the register the finest with a shape, and its rivers. */
export function useBaseMap(asOf: () => string | undefined = () => undefined): BaseMap {
  const { district } = useWords()
  let fresh = false
  const request = useRequest(() => {
    const again = fresh
    fresh = false
    return groundOf(asOf(), again)
  }, [asOf])
  return {
    regions: computed(() => (request.data.value?.regions ?? []).map((region) => ({ ...region, name: district(region.name) }))),
    rivers: computed(() => request.data.value?.rivers ?? []),
    loaded: computed(() => request.data.value !== null),
    error: request.error,
    reload: () => {
      fresh = true
      request.reload()
    },
  }
}
