import { describe, expect, it } from 'vitest'

import { cover, frameOf, shapeOf, type Feature } from '@/lib/regionShapes'

const square = (west: number, south: number, size: number, properties: Record<string, unknown> = {}): Feature => ({
  type: 'Feature', properties,
  geometry: { type: 'Polygon', coordinates: [[[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]] },
})
const region = (id: string, west: number, south: number, size: number, parent?: string) => shapeOf(square(west, south, size, { id, name: id, parent }))!
const ids = (shapes: readonly { id: string }[]): string[] => shapes.map(({ id }) => id)

describe('shapes of regions', () => {
  it('have their name where the file says, otherwise in their middle', () => {
    expect(shapeOf(square(0, 0, 1, { id: 'a', cp: [3, 4] }))!.at).toEqual([3, 4])
    expect(shapeOf(square(10, 20, 4, { id: 'a' }))!.at).toEqual([12, 22])
  })
  it('are known by the id the file keeps, in either place, and by none not at all', () => {
    expect(shapeOf({ ...square(0, 0, 1, { name: '北碚区' }), id: '500109' })).toMatchObject({ id: '500109', name: { zh: '北碚区', en: '' }, level: null, parent: null })
    expect(shapeOf(square(0, 0, 1, { id: 500109, name: { zh: '北碚区', en: 'Beibei' }, level: 'district' }))).toMatchObject({ id: '500109', name: { zh: '北碚区', en: 'Beibei' }, level: 'district' })
    expect(shapeOf(square(0, 0, 1))).toBeNull()
    expect(shapeOf({ type: 'Feature', properties: { id: 'a' }, geometry: null })).toBeNull()
  })
  it('hide no finer ones, and stay where there are none finer', () => {
    // 重庆 with a district; 四川 with a city; 西藏 alone; a region of its own numbering below another.
    const shapes = [region('500000', 0, 0, 9), region('500109', 0, 0, 1), region('510000', 9, 0, 9), region('510100', 9, 0, 1), region('540000', 20, 0, 5), region('park', 30, 0, 5), region('park-east', 30, 0, 2, 'park')]
    expect(ids(cover(shapes))).toEqual(['500109', '510100', '540000', 'park-east'])
    // A district whose city has no shape still hides its province.
    expect(ids(cover([region('110000', 0, 0, 9), region('110101', 0, 0, 1, '110100')]))).toEqual(['110101'])
    expect(cover([])).toEqual([])
  })
})

describe('what a map begins with', () => {
  const shapes = [region('a', 0, 0, 1), region('b', 1, 0, 1), region('c', 50, 10, 5)]
  it('are the regions named, those that hold a point, and the points', () => {
    expect(frameOf(shapes, new Set(['a']), []).box).toEqual({ west: 0, east: 1, south: 0, north: 1 })
    expect(frameOf(shapes, new Set(['a']), [{ lon: 1.5, lat: 0.5 }]).box).toEqual({ west: 0, east: 2, south: 0, north: 1 })
    expect(frameOf(shapes, new Set(), [{ lon: -3, lat: 0.5 }]).box).toEqual({ west: -3, east: -3, south: 0.5, north: 0.5 })
  })
  it('tells which regions those are', () => {
    expect([...frameOf(shapes, new Set(['c']), [{ lon: 1.5, lat: 0.5 }]).ids]).toEqual(['b', 'c'])
    expect(frameOf(shapes, new Set(), []).ids.size).toBe(3)
  })
  it('is a whole province from three of its regions on', () => {
    const districts = ['500101', '500102', '500103', '500104'].map((id, place) => region(id, place, 0, 1)).concat(region('510100', 9, 0, 1))
    const at = (...places: number[]) => places.map((place) => ({ lon: place + 0.5, lat: 0.5 }))
    expect(ids(districts.filter(({ id }) => frameOf(districts, new Set(), at(0, 1, 2)).ids.has(id)))).toEqual(['500101', '500102', '500103', '500104'])
    expect(frameOf(districts, new Set(), at(0, 1)).box!.east).toBe(2)
    expect(frameOf(districts, new Set(), at(0, 1, 2, 9)).box!.east).toBe(10)
  })
  it('is everything where nothing is looked at', () => {
    expect(frameOf(shapes, new Set(), []).box).toEqual({ west: 0, east: 55, south: 0, north: 15 })
    expect(frameOf([], new Set(), []).box).toBeNull()
  })
})
