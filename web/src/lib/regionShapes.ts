/** Which shapes of regions a map draws, and what of it is looked at: pure. */
import type { Name } from '@/api/client'
import { bounds, encloses, labelPlace, type Bounds, type Geometry, type Place } from './geo'

export interface RegionShape {
  id: string
  name: Name
  level: string | null
  geometry: Geometry
  /** Where its name stands. */
  at: Place | null
}
export interface Feature {
  type: 'Feature'
  id?: string | number
  properties: Record<string, unknown>
  geometry: Geometry | null
}

/** A region of a file: the id and the name wherever it keeps them, the name where its `cp` says. Null without an id or a shape. */
export function shapeOf(feature: Feature): (RegionShape & { parent: string | null }) | null {
  const { id, name, level, parent, cp } = feature.properties
  const key = String(id ?? feature.id ?? '')
  if (key === '' || !feature.geometry) return null
  const both = typeof name === 'object' && name !== null ? (name as Partial<Name>) : { zh: String(name ?? '') }
  const at: Place | null = Array.isArray(cp) && cp.length === 2 ? [Number(cp[0]), Number(cp[1])] : labelPlace(feature.geometry)
  return { id: key, name: { zh: both.zh ?? '', en: both.en ?? '' }, level: level ? String(level) : null, parent: parent ? String(parent) : null, geometry: feature.geometry, at }
}

/** Codes above a code of GB/T 2260: of its city and its province. */
const above = (code: string): string[] => (/^\d{6}$/.test(code) ? [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`].filter((each) => each !== code) : [])

/** A province over its districts would hide them: what has a finer shape below it is left out, what has none stays. */
export function cover<T extends { id: string; parent: string | null }>(shapes: readonly T[]): T[] {
  const covered = new Set(shapes.flatMap(({ id, parent }) => [...above(id), ...(parent ? [parent, ...above(parent)] : [])]))
  return shapes.filter(({ id }) => !covered.has(id))
}

const contains = (box: Bounds, [lon, lat]: Place): boolean => lon >= box.west && lon <= box.east && lat >= box.south && lat <= box.north

const boxes = new WeakMap<Geometry, Bounds | null>()
function boxOf(geometry: Geometry): Bounds | null {
  let box = boxes.get(geometry)
  if (box === undefined) boxes.set(geometry, (box = bounds([geometry])))
  return box
}

/** From so many regions of one province on, all of it is looked at: its edges are not cut off. */
const wholeFrom = 3

/** What is looked at: the regions named and those that hold a point; and the box around them and the points. All regions when there is neither. */
export function frameOf(shapes: readonly Pick<RegionShape, 'id' | 'geometry'>[], named: ReadonlySet<string>, points: readonly { lon: number; lat: number }[]): { box: Bounds | null; ids: Set<string> } {
  const places = points.map(({ lon, lat }): Place => [lon, lat])
  const seen = shapes.filter(({ id, geometry }) => {
    if (named.has(id)) return true
    const box = boxOf(geometry)
    return box !== null && places.some((place) => contains(box, place) && encloses(geometry, place))
  })
  // By GB/T 2260 the first two digits are the province.
  const code = seen[0]?.id.slice(0, 2) ?? ''
  const province = seen.length >= wholeFrom && /^\d\d$/.test(code) && seen.every(({ id }) => id.startsWith(code)) ? code : null
  const shown = province !== null ? shapes.filter(({ id }) => id.startsWith(province)) : seen.length > 0 || places.length > 0 ? seen : shapes
  const corners = shown.flatMap(({ geometry }): Place[] => {
    const box = boxOf(geometry)
    return box ? [[box.west, box.south], [box.east, box.north]] : []
  })
  return { box: bounds([{ type: 'LineString', coordinates: [...corners, ...places] }]), ids: new Set(shown.map(({ id }) => id)) }
}
