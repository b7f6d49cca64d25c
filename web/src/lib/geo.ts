/** GeoJSON geometry for drawing: where a name goes, how far a shape reaches, a circle on the ground. Degrees, longitude first. */

export type Place = [lon: number, lat: number]
export interface Geometry {
  type: string
  coordinates: unknown
}
export interface Bounds {
  west: number
  south: number
  east: number
  north: number
}

/** Every line or ring of a geometry; of a polygon the outer ring comes first. */
export function rings(geometry: Geometry): Place[][] {
  const coordinates = geometry.coordinates as never
  if (geometry.type === 'LineString') return [coordinates]
  if (geometry.type === 'MultiLineString' || geometry.type === 'Polygon') return coordinates
  if (geometry.type === 'MultiPolygon') return (coordinates as Place[][][]).flat()
  return []
}

export function bounds(geometries: readonly Geometry[]): Bounds | null {
  let found: Bounds | null = null
  for (const geometry of geometries)
    for (const ring of rings(geometry))
      for (const [lon, lat] of ring) {
        found ??= { west: lon, east: lon, south: lat, north: lat }
        found.west = Math.min(found.west, lon)
        found.east = Math.max(found.east, lon)
        found.south = Math.min(found.south, lat)
        found.north = Math.max(found.north, lat)
      }
  return found
}

/** Twice the signed area and the centroid of a closed ring, in square degrees. */
function areaAndCentre(ring: readonly Place[]): { area: number; centre: Place } {
  let area = 0
  let x = 0
  let y = 0
  const [ox, oy] = ring[0] ?? [0, 0]
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [ax, ay] = [ring[i]![0] - ox, ring[i]![1] - oy]
    const [bx, by] = [ring[i + 1]![0] - ox, ring[i + 1]![1] - oy]
    const cross = ax * by - bx * ay
    area += cross
    x += (ax + bx) * cross
    y += (ay + by) * cross
  }
  return area === 0 ? { area: 0, centre: [ox, oy] } : { area, centre: [ox + x / (3 * area), oy + y / (3 * area)] }
}

/** Where the name of a region stands: the centroid of its largest part. Null for a geometry without any place. */
export function labelPlace(geometry: Geometry): Place | null {
  let best: { area: number; centre: Place } | null = null
  for (const ring of rings(geometry)) {
    if (ring.length === 0) continue
    const found = areaAndCentre(ring)
    if (best === null || Math.abs(found.area) > Math.abs(best.area)) best = found
  }
  return best?.centre ?? null
}

/** Whether a place lies in a polygon; rings within rings are holes. */
export function encloses(geometry: Geometry, [lon, lat]: Place): boolean {
  let inside = false
  for (const ring of rings(geometry))
    for (let i = 0; i + 1 < ring.length; i += 1) {
      const [ax, ay] = ring[i]!
      const [bx, by] = ring[i + 1]!
      if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) inside = !inside
    }
  return inside
}

/** A closed ring of places about `km` around one: for what a station covers on a map. */
export function circle([lon, lat]: Place, km: number, corners = 48): Place[] {
  const dLat = km / 111.195
  const dLon = dLat / Math.cos((lat * Math.PI) / 180)
  return Array.from({ length: corners + 1 }, (_, i) => {
    const angle = (2 * Math.PI * (i % corners)) / corners
    return [lon + dLon * Math.cos(angle), lat + dLat * Math.sin(angle)]
  })
}

/** Great-circle distance in km, mean earth radius. */
export function distanceKm(a: Place, b: Place): number {
  const rad = Math.PI / 180
  const dLat = (b[1] - a[1]) * rad
  const dLon = (b[0] - a[0]) * rad
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(dLon / 2) ** 2
  return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(h)))
}
