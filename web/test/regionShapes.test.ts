import { describe, expect, it } from 'vitest'

import { areaOf, boundsAround, contains, finestLevel, namePlace, type Feature } from '@/lib/regionShapes'

const square = (west: number, south: number, size: number, properties: Record<string, unknown> = {}): Feature => ({
  type: 'Feature', properties,
  geometry: { type: 'Polygon', coordinates: [[[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]] },
})

describe('shapes of a map of results', () => {
  it('are boxed with the points among them', () => {
    const box = boundsAround([square(106, 29, 2)], [{ lon: 110, lat: 30 }])!
    expect(box).toEqual({ west: 106, south: 29, east: 110, north: 31 })
    expect(contains(box, { lon: 108, lat: 30 })).toBe(true)
    expect(contains(box, { lon: 116.4, lat: 39.9 })).toBe(false)
    expect(boundsAround([], [])).toBeNull()
  })
  it('have their name where the file says, otherwise in their middle', () => {
    expect(namePlace(square(0, 0, 1, { cp: [3, 4] }))).toEqual([3, 4])
    expect(namePlace(square(10, 20, 4))).toEqual([12, 22])
  })
  it('are known by the id the file keeps, in either place', () => {
    expect(areaOf({ ...square(0, 0, 1, { name: '北碚区' }), id: '500109' })).toEqual({ id: '500109', name: { zh: '北碚区', en: '' } })
    expect(areaOf(square(0, 0, 1, { id: 500109, name: { zh: '北碚区', en: 'Beibei' } }))).toEqual({ id: '500109', name: { zh: '北碚区', en: 'Beibei' } })
  })
  it('of districts are not hidden by that of their province', () => {
    const shapes = [square(0, 0, 9, { level: 'province' }), square(0, 0, 1, { level: 'district' }), square(1, 0, 1, { level: 'district' })]
    expect(finestLevel(shapes)).toEqual(shapes.slice(1))
    expect(finestLevel([])).toEqual([])
  })
})
