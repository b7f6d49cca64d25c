import { describe, expect, it } from 'vitest'

import type { RegisterAttribute, RegisterKind, RegisterRecord } from '@/api/register'
import { approvalOf, isEmpty } from '@/lib/approval'
import { readCandidates } from '@/lib/candidates'
import { actsOn, defaultColumns, difference, fieldsOf, formFaults, isRecordId, placeOf, recordName, regionTree, template } from '@/lib/register'

const attribute = (key: string, more: Partial<RegisterAttribute> = {}): RegisterAttribute => ({
  key, title: { zh: `中${key}`, en: key }, type: 'text', unit: '', required: false, unique: false, words: [], reference: null, ...more,
})
const point: RegisterKind = {
  id: 'point', title: { zh: '监测点位', en: 'Point' }, count: 0,
  attributes: [
    attribute('name', { required: true }), attribute('control_level', { type: 'enum' }), attribute('region', { type: 'reference', reference: 'region' }),
    attribute('lon', { type: 'longitude' }), attribute('lat', { type: 'latitude' }), attribute('height', { type: 'decimal', unit: 'm' }), attribute('since', { type: 'date' }), attribute('shape', { type: 'geometry' }),
  ],
}
const organisation: RegisterKind = { id: 'organisation', title: { zh: '机构', en: 'Organisation' }, count: 0, attributes: [attribute('name', { required: true })] }
const record = (id: string, attributes: Record<string, string>): RegisterRecord => ({ id, attributes, valid_from: '2020-01-01', valid_to: null, state: 'active', approval: null, entry: 1 })

describe('a record of the register', () => {
  it('goes by its names, or by its id where it has none', () => {
    expect(recordName(record('a', { name: '天生', name_en: 'Tiansheng' }))).toEqual({ zh: '天生', en: 'Tiansheng' })
    expect(recordName(record('a', { name: '天生' }))).toEqual({ zh: '天生', en: '天生' })
    expect(recordName(record('a', {}))).toEqual({ zh: 'a', en: 'a' })
  })
  it('has a place only with both coordinates', () => {
    expect(placeOf(point, { lon: '106.4', lat: '29.8' })).toEqual({ lon: 106.4, lat: 29.8 })
    expect(placeOf(point, { lon: '106.4' })).toBeNull()
    expect(placeOf(point, { lon: '', lat: '29.8' })).toBeNull()
    expect(placeOf(organisation, {})).toBeNull()
  })
  it('lists neither its name twice nor its shape', () => {
    expect(defaultColumns(point)).not.toContain('name')
    expect(defaultColumns(point)).not.toContain('shape')
    expect(defaultColumns(point)[0]).toBe('control_level')
    expect(defaultColumns(point, [record('a', { height: '3' })], 2)).toEqual(['height', 'control_level'])
  })
  it('takes ids of letters and digits in any script, and no blanks', () => {
    for (const good of ['air-1416A', '500109', 'cnemc/1416A'.replace('/', '_'), '断面1', 'a@b~c.d:e']) expect(isRecordId(good)).toBe(true)
    for (const bad of ['', 'a b', 'a/b', 'x'.repeat(81)]) expect(isRecordId(bad)).toBe(false)
  })
})

describe('a change', () => {
  it('sends only what differs, and clears what was emptied', () => {
    const before = { name: 'A', height: '3', region: '500101' }
    expect(difference(before, { name: ' A ', height: '', region: '500102' }, point.attributes)).toEqual({ set: { region: '500102' }, clear: ['height'], keys: ['region', 'height'] })
    expect(difference(before, { ...before }, point.attributes).keys).toEqual([])
  })
  it('has an approval only when document, authority and date are there; half of one is not empty either', () => {
    const whole = { document: ' 渝环〔2026〕12号 ', authority: '市生态环境局', date: '2026-02-20' }
    expect(approvalOf(whole)).toEqual({ document: '渝环〔2026〕12号', authority: '市生态环境局', date: '2026-02-20' })
    expect(approvalOf({ ...whole, authority: ' ' })).toBeNull()
    expect(approvalOf({ ...whole, date: '' })).toBeNull()
    expect(isEmpty({ document: ' ', authority: '', date: '' })).toBe(true)
    expect(isEmpty({ ...whole, document: '' })).toBe(false)
  })
  it('asks for the place when it moves and for nothing when it stops', () => {
    expect(fieldsOf(point, 'move').map(({ key }) => key)).toEqual(['region', 'lon', 'lat'])
    expect(fieldsOf(point, 'stop')).toEqual([])
    expect(fieldsOf(point, 'add')[0]!.key).toBe('name')
    expect(fieldsOf(point, 'change').map(({ key }) => key)).toEqual(['name', 'control_level', 'region', 'height', 'since'])
  })
  it('offers what fits the state', () => {
    expect(actsOn(point, record('a', {}))).toEqual(['change', 'move', 'stop'])
    expect(actsOn(organisation, record('a', {}))).toEqual(['change', 'stop'])
    expect(actsOn(point, { state: 'stopped' })).toEqual(['resume', 'change'])
    expect(actsOn(point, null)).toEqual([])
  })
  it('tells what keeps it from being sent', () => {
    expect(formFaults(point.attributes, { lon: '181', lat: '29', height: '3,5', since: '2026-13-01' })).toEqual([
      { key: 'name', what: 'required' }, { key: 'lon', what: 'place' }, { key: 'height', what: 'number' }, { key: 'since', what: 'date' },
    ])
    expect(formFaults(point.attributes, { name: 'A', lon: '-180', lat: '90', height: '-3.50', since: '2026-03-01' })).toEqual([])
  })
})

it('a template has the columns that an import reads, and nothing else', () => {
  expect(template(point, 'zh')).toBe('\ufeffid,action,effective,approval,approval_authority,approval_date,中name,中control_level,中region,中lon,中lat,中height,中since\r\n')
})

it('regions stand under the one that holds them, and none is lost when they hold each other', () => {
  const order = (rows: RegisterRecord[]): string[] => regionTree(rows).map(({ record: each, depth }) => `${'>'.repeat(depth)}${each.id}`)
  expect(order([record('500102', { parent: '500000' }), record('500000', {}), record('500101', { parent: '500000' }), record('9', { parent: 'elsewhere' })])).toEqual(['500000', '>500101', '>500102', '9'])
  expect(order([record('a', { parent: 'b' }), record('b', { parent: 'a' })]).sort()).toEqual(['a', 'b'])
})

describe('candidate sites', () => {
  it('are read one a line, with commas or blanks', () => {
    expect(readCandidates('s1,106.5,29.5\n\n s2 107 30 \ns3；106；29')).toEqual({ places: [{ id: 's1', lon: 106.5, lat: 29.5 }, { id: 's2', lon: 107, lat: 30 }, { id: 's3', lon: 106, lat: 29 }], wrong: null })
  })
  it('name the first line that is none', () => {
    expect(readCandidates('s1,106.5,29.5\ns2,107').wrong).toBe(2)
    expect(readCandidates('s1,206.5,29.5').wrong).toBe(1)
    expect(readCandidates('s1,,29.5').wrong).toBe(1)
  })
})
