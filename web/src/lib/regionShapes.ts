/** Shapes for the maps of results: regions from the register, with the shipped base map where the register has none. */
import type { Name } from '@/api/client'
import { bounds, labelPlace, type Bounds, type Geometry, type Place } from './geo'

export interface Feature {
  type: 'Feature'
  id?: string | number
  properties: Record<string, unknown>
  geometry: Geometry
}
export interface Collection {
  type: 'FeatureCollection'
  features: Feature[]
}

async function load(path: string, signal?: AbortSignal): Promise<Collection> {
  const answer = await fetch(path, { signal: signal ?? null })
  if (!answer.ok) throw new Error(path)
  return (await answer.json()) as Collection
}

/** The id and the name of an area, wherever the file keeps them; the English one may be empty. */
export function areaOf(feature: Feature): { id: string; name: Name } {
  const { id, name } = feature.properties
  const both = typeof name === 'object' && name !== null ? (name as Partial<Name>) : { zh: String(name ?? '') }
  return { id: String(id ?? feature.id ?? ''), name: { zh: both.zh ?? '', en: both.en ?? '' } }
}

/** Where the name of an area stands: its `cp` where the file has one. */
export function namePlace(feature: Feature): Place | null {
  const cp = feature.properties.cp
  return Array.isArray(cp) && cp.length === 2 ? [Number(cp[0]), Number(cp[1])] : labelPlace(feature.geometry)
}

const order = ['nation', 'province', 'city', 'district']
/** A province over its districts would hide them: the finest level there is. */
export function finestLevel(features: readonly Feature[]): Feature[] {
  const rank = (feature: Feature): number => order.indexOf(String(feature.properties.level ?? ''))
  const finest = Math.max(...features.map(rank), -1)
  return features.filter((feature) => rank(feature) === finest)
}

/** Regions of the register that have a shape; otherwise the districts of the shipped base map. */
export async function regionShapes(signal?: AbortSignal): Promise<Collection> {
  try {
    const found = await load('/api/register/geometry?kind=region', signal)
    const finest = finestLevel(found.features.filter((feature) => feature.geometry && areaOf(feature).id !== ''))
    if (finest.length > 0) return { type: 'FeatureCollection', features: finest }
  } catch (problem) {
    if (signal?.aborted) throw problem
  }
  return load('/geo/chongqing_districts.geojson', signal)
}

export const riverShapes = (signal?: AbortSignal): Promise<Collection> => load('/geo/rivers_chongqing_region.geojson', signal)

export const contains = (box: Bounds, { lon, lat }: { lon: number; lat: number }): boolean => lon >= box.west && lon <= box.east && lat >= box.south && lat <= box.north

/** The box around shapes and points; null around nothing. */
export function boundsAround(features: readonly Feature[], points: readonly { lon: number; lat: number }[]): Bounds | null {
  return bounds([...features.map((feature) => feature.geometry), { type: 'LineString', coordinates: points.map(({ lon, lat }) => [lon, lat]) }])
}
