/** Records of the register as the screens show and change them: pure. */
import type { Attributes, RegisterAction, RegisterAttribute, RegisterKind, RegisterRecord } from '@/api/register'
import { toCsv } from './delimited'

interface Both {
  zh: string
  en: string
}

/** Both names of a record; its id where it has none. */
export function recordName(record: Pick<RegisterRecord, 'id' | 'attributes'>): Both {
  const { name, name_en: english } = record.attributes
  return { zh: name || record.id, en: english || name || record.id }
}

/** Attributes that a list does not show: the name leads the row, shapes are for the map. */
const unlisted = (attribute: RegisterAttribute): boolean => attribute.type === 'geometry' || attribute.key === 'name' || attribute.key === 'name_en'
export const listable = (kind: RegisterKind): RegisterAttribute[] => kind.attributes.filter((attribute) => !unlisted(attribute))

/** What a list begins with before anybody chose columns: what decides about a record, then what comes first; columns without any value last. */
const telling = ['element', 'level', 'sort', 'control_level', 'region', 'river', 'basin', 'parent', 'owner', 'point', 'factor', 'built', 'length_km', 'basin_area_km2', 'volume_m3', 'area_km2', 'population', 'maker', 'model']
export function defaultColumns(kind: RegisterKind, rows: readonly Pick<RegisterRecord, 'attributes'>[] = [], most = 6): string[] {
  const keys = listable(kind).map(({ key }) => key)
  const order = [...new Set([...telling.filter((key) => keys.includes(key)), ...keys])]
  const filled = order.filter((key) => rows.some(({ attributes }) => attributes[key]))
  return [...new Set([...filled, ...order])].slice(0, most)
}

/** A table with nothing but its columns, to fill in and import. */
export function template(kind: RegisterKind, titles: 'zh' | 'en'): string {
  return toCsv(['id', 'action', 'effective', 'approval', 'approval_authority', 'approval_date', ...kind.attributes.filter(({ type }) => type !== 'geometry').map(({ title }) => title[titles])], [])
}

export const isPlace = ({ type }: Pick<RegisterAttribute, 'type'>): boolean => type === 'longitude' || type === 'latitude'

/** The place of a record; null without both coordinates. */
export function placeOf(kind: RegisterKind, attributes: Attributes): { lon: number; lat: number } | null {
  const of = (type: string): number => {
    const key = kind.attributes.find((attribute) => attribute.type === type)?.key
    const text = key === undefined ? undefined : attributes[key]
    return text === undefined || text === '' ? Number.NaN : Number(text)
  }
  const [lon, lat] = [of('longitude'), of('latitude')]
  return Number.isFinite(lon) && Number.isFinite(lat) ? { lon, lat } : null
}

/** Attributes that an act asks for: a move is about the place, stop and resume about nothing but the day. */
export function fieldsOf(kind: RegisterKind, action: RegisterAction): RegisterAttribute[] {
  if (action === 'stop' || action === 'resume') return []
  const written = kind.attributes.filter(({ type }) => type !== 'geometry')
  if (action === 'move') return written.filter((attribute) => isPlace(attribute) || ['region', 'site', 'address', 'river', 'km_from_mouth', 'approximate'].includes(attribute.key))
  // Another place is a move, which is an act of its own.
  return action === 'add' ? [...written].sort((a, b) => Number(b.required) - Number(a.required)) : written.filter((attribute) => !isPlace(attribute))
}

/** Acts that make sense for a record in its state. A kind without a place cannot move. */
export function actsOn(kind: RegisterKind, record: Pick<RegisterRecord, 'state'> | null): RegisterAction[] {
  if (record === null) return []
  if (record.state === 'stopped') return ['resume', 'change']
  return kind.attributes.some(isPlace) ? ['change', 'move', 'stop'] : ['change', 'stop']
}

export interface Difference {
  set: Attributes
  clear: string[]
  keys: string[]
}
/** What a form would change: only what differs is sent. An emptied field clears the attribute. */
export function difference(before: Attributes, form: Attributes, fields: readonly RegisterAttribute[]): Difference {
  const found: Difference = { set: {}, clear: [], keys: [] }
  for (const { key } of fields) {
    const [was, is] = [before[key] ?? '', (form[key] ?? '').trim()]
    if (was === is) continue
    if (is === '') found.clear.push(key)
    else found.set[key] = is
    found.keys.push(key)
  }
  return found
}

export type FormFault = { key: string; what: 'required' | 'number' | 'integer' | 'date' | 'place' }
const number = /^-?\d+(\.\d+)?$/
/** What keeps a form from being sent; the server judges again. */
export function formFaults(fields: readonly RegisterAttribute[], form: Attributes): FormFault[] {
  const found: FormFault[] = []
  for (const { key, type, required } of fields) {
    const text = (form[key] ?? '').trim()
    if (text === '') {
      if (required) found.push({ key, what: 'required' })
    } else if (type === 'decimal' && !number.test(text)) found.push({ key, what: 'number' })
    else if (type === 'integer' && !/^-?\d+$/.test(text)) found.push({ key, what: 'integer' })
    else if (type === 'date' && (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)))) found.push({ key, what: 'date' })
    else if (isPlace({ type }) && (!number.test(text) || Math.abs(Number(text)) > (type === 'longitude' ? 180 : 90))) found.push({ key, what: 'place' })
  }
  return found
}

/** Whether an id may be registered: 1 … 80 letters, digits and - _ . : ~ @ */
export const isRecordId = (text: string): boolean => /^[\p{L}\p{N}\-_.:~@]{1,80}$/u.test(text)

/** Regions in order of their codes, each under the one that holds it; `depth` indents. */
export function regionTree(regions: readonly RegisterRecord[]): { record: RegisterRecord; depth: number }[] {
  const ids = new Set(regions.map(({ id }) => id))
  const below = new Map<string, RegisterRecord[]>()
  for (const region of regions) {
    const parent = region.attributes.parent ?? ''
    const key = ids.has(parent) && parent !== region.id ? parent : ''
    below.set(key, [...(below.get(key) ?? []), region])
  }
  const found: { record: RegisterRecord; depth: number }[] = []
  const seen = new Set<string>()
  const walk = (key: string, depth: number): void => {
    for (const record of [...(below.get(key) ?? [])].sort((a, b) => a.id.localeCompare(b.id))) {
      if (seen.has(record.id)) continue
      seen.add(record.id)
      found.push({ record, depth })
      walk(record.id, depth + 1)
    }
  }
  walk('', 0)
  // Regions that hold each other in a ring hang under nothing; they are not lost.
  for (const record of regions) if (!seen.has(record.id)) found.push({ record, depth: 0 })
  return found
}
