import { describe, expect, it } from 'vitest'

import { gapByRegion, gapLevel } from '@/lib/gaps'
import { bounds, circle, distanceKm, encloses, labelPlace } from '@/lib/geo'
import { inRoom, isGroup, railItems } from '@/lib/rail'

describe('the rail', () => {
  it('shows no room without a screen and no group without a room', () => {
    const items = railItems((path) => !path.startsWith('/elements') && path !== '/standards')
    expect(items.some((item) => isGroup(item) && item.key === 'elements')).toBe(false)
    expect(items.some((item) => !isGroup(item) && item.to === '/standards')).toBe(false)
    expect(railItems(() => false)).toEqual([])
  })
  it('marks exactly one room for each of its screens', () => {
    const rooms = railItems(() => true).flatMap((item) => (isGroup(item) ? item.rooms : [item]))
    for (const path of ['/', '/points/air-1', '/devices/-', '/elements/air', '/network', '/frames/7', '/api/docs']) expect(rooms.filter((room) => inRoom(room.to, path)).length, path).toBe(1)
    expect(inRoom('/points', '/pointsX')).toBe(false)
  })
})

describe('shapes', () => {
  const square = { type: 'Polygon', coordinates: [[[106, 29], [108, 29], [108, 31], [106, 31], [106, 29]]] }
  it('are named in the middle of their largest part', () => {
    expect(labelPlace(square)).toEqual([107, 30])
    expect(labelPlace({ type: 'MultiPolygon', coordinates: [[[[0, 0], [0.1, 0], [0.1, 0.1], [0, 0]]], square.coordinates] })).toEqual([107, 30])
    expect(labelPlace({ type: 'Point', coordinates: [1, 2] })).toBeNull()
  })
  it('reach as far as all their rings', () => {
    expect(bounds([square, { type: 'LineString', coordinates: [[105, 30], [106, 32]] }])).toEqual({ west: 105, south: 29, east: 108, north: 32 })
    expect(bounds([])).toBeNull()
  })
  it('hold the places inside them, and none in their holes', () => {
    const ring = { type: 'Polygon', coordinates: [square.coordinates[0], [[106.5, 29.5], [107.5, 29.5], [107.5, 30.5], [106.5, 30.5], [106.5, 29.5]]] }
    expect(encloses(square, [107, 30])).toBe(true)
    expect(encloses(ring, [107, 30])).toBe(false)
    expect(encloses(ring, [106.2, 30])).toBe(true)
    expect(encloses(square, [109, 30])).toBe(false)
  })
  it('a circle is as wide as its radius says', () => {
    const places = circle([106.5, 29.5], 10)
    for (const place of places) expect(distanceKm([106.5, 29.5], place)).toBeCloseTo(10, 1)
    expect(places[0]).toEqual(places.at(-1))
  })
})

it('gaps of a region are the sum of its rows; rows of no region count in none', () => {
  const row = (region: string | null, kind: string, id: string, gap: number) => ({ subject: { kind, id, name: { zh: '', en: '' }, region, lon: null, lat: null }, required: 2, planned: 0, built: 2 - gap, gap })
  const gaps = gapByRegion([row('500101', 'region', '500101', 1), row('500101', 'river', 'r', 2), row(null, 'total', 't', 9), row(null, 'region', '500102', 0)])
  expect(gaps.get('500101')).toEqual({ required: 4, planned: 0, built: 1, gap: 3 })
  expect([...gaps.keys()]).toEqual(['500101', '500102'])
  expect([0, 1, 2, 3, 50].map(gapLevel)).toEqual([0, 1, 2, 3, 3])
})
