import { describe, expect, it } from 'vitest'

import type { Command, CommandField } from '@/api/client'
import { atSending, entriesOf, faultOf, findCommands, follow, fromInput, isCalendarTime, keyOfDecision, newEntry, parametersOf, rangeFault, readExample, rangeText, toInput } from '@/lib/commandForm'

const field = (key: string, type: Partial<CommandField['type']> & { form: CommandField['type']['form'] }, more: Partial<CommandField> = {}): CommandField => ({
  key, type: { length: 0, decimals: 0, text: '', ...type }, required: true, repeatable: false, min: null, max: null, one_of: [], unit: '', name: { zh: key, en: key }, ...more,
})
// HJ 212-2017 table 4: RtdInterval N4, 30–3600 s; MinInterval one of eleven values; PolId C6; BeginTime and EndTime N14.
const rtd = field('RtdInterval', { form: 'number', length: 4 }, { min: 30, max: 3600, unit: 's' })
const minute = field('MinInterval', { form: 'number', length: 2 }, { one_of: ['1', '2', '3', '4', '5', '6', '10', '12', '15', '20', '30'] })
const pol = field('PolId', { form: 'characters', length: 6 }, { required: false })
const begin = field('BeginTime', { form: 'time', length: 14 })
const end = field('EndTime', { form: 'time', length: 14 })
const info = field('i*-Info', { form: 'any' }, { repeatable: true })
const low = field('*-LowValue', { form: 'number' }, { repeatable: true })
const up = field('*-UpValue', { form: 'number' }, { repeatable: true })
const fault = (of: CommandField, value: string, factor = ''): string | null => faultOf(newEntry(of, value, factor))?.kind ?? null

describe('an input of a command', () => {
  it('must be there when the table requires it, and may be left out otherwise', () => {
    expect(fault(rtd, ' ')).toBe('required')
    expect(fault(pol, '')).toBeNull()
  })
  it('keeps to the range and the digits of its type', () => {
    expect(['29', '30', '3600', '3601'].map((value) => fault(rtd, value))).toEqual(['min', null, null, 'max'])
    expect(fault(rtd, '00030')).toBe('digits')
    expect(fault(rtd, '30.5')).toBe('decimals')
    expect(fault(rtd, '1e2')).toBe('number')
    expect(fault(minute, '7')).toBe('choice')
    expect(fault(minute, '10')).toBeNull()
    expect(fault(pol, 'w010180')).toBe('length')
    expect(fault(low, '12345.678901', '101')).toBeNull()
  })
  it('names a time of the calendar', () => {
    expect(['20260228235959', '20260229000000', '20240229000000', '2026022823595', '20261301000000'].map(isCalendarTime)).toEqual([true, false, true, false, false])
    expect(fault(begin, '20260230000000')).toBe('time')
    expect(fault(begin, '20260228000000000')).toBe('time')
    expect(fault(begin, atSending)).toBeNull()
  })
  it('holds nothing that would end the value, for a data area knows no escaping; a log between slashes may', () => {
    for (const value of ['a;b', 'a,b', 'a=b', 'a&&b']) expect(fault(info, value, 'i13004')).toBe('separator')
    expect(fault(info, '//2026-03-01, valve; open//', 'i11001')).toBeNull()
    expect(fault(info, 'a&b', 'i13004')).toBeNull()
  })
  it('needs a factor where the key belongs to any factor', () => {
    expect(fault(info, '168.0')).toBe('factor')
    expect(fault(info, '168.0', 'i13004')).toBeNull()
    expect(fault(info, '168.0', 'w01018')).toBe('factor')
  })
  it('never takes a key in clear, only the decision that recorded it', () => {
    const key = field('NewSK', { form: 'characters', length: 16 })
    expect(fault(key, '0123456789abcdef')).toBe('key')
    expect(fault(key, keyOfDecision(71))).toBeNull()
  })
})

describe('times', () => {
  it('go to the digits of a frame and back without any zone', () => {
    expect(fromInput('2026-03-01T14:05')).toBe('20260301140500')
    expect(fromInput('2026-03-01T14:05:09')).toBe('20260301140509')
    expect(fromInput('2026-03-01T14:05:09', 17)).toBe('20260301140509000')
    expect(toInput('20260301140509')).toBe('2026-03-01T14:05:09')
    expect(fromInput('')).toBe('')
  })
  it('of a range end not before they begin; both ends belong to it', () => {
    const range = (a: string, b: string): boolean => rangeFault([newEntry(begin, a), newEntry(end, b)])
    expect(range('20260301000000', '20260228000000')).toBe(true)
    expect(range('20260301000000', '20260301000000')).toBe(false)
    expect(range('', '20260301000000')).toBe(false)
  })
})

describe('the form of a command', () => {
  const command = { fields: [pol, field('InfoId', { form: 'characters', length: 6 }), info] }
  it('has an input for every field, filled with what was given, and gives the same parameters back', () => {
    const given = [{ name: 'PolId', value: 'w01018' }, { name: 'InfoId', value: 'i13004' }, { name: 'i13004-Info', value: '168.0' }, { name: 'i13005-Info', value: '15' }]
    const entries = entriesOf(command, given)
    expect(entries.map(({ field: of, factor }) => [of.key, factor])).toEqual([['PolId', ''], ['InfoId', ''], ['i*-Info', 'i13004'], ['i*-Info', 'i13005']])
    expect(parametersOf(entries)).toEqual(given)
  })
  it('keeps together what belongs to one factor, as HJ/T 212-2005 1022 wants it', () => {
    const entries = [newEntry(low, '1.1', '101'), newEntry(low, '2.2', '102'), newEntry(up, '9.9', '101'), newEntry(up, '8.8', '102')]
    expect(parametersOf(entries).map(({ name }) => name)).toEqual(['101-LowValue', '101-UpValue', '102-LowValue', '102-UpValue'])
  })
  it('lets the value of an info code follow the code, until somebody names another', () => {
    const [, code, value] = entriesOf(command)
    const named = follow([code!, value!], { ...code!, value: 'i13004' })
    expect(named[1]!.factor).toBe('i13004')
    const own = follow(named, { ...named[1]!, factor: 'i13007' })
    expect(follow(own, { ...own[0]!, value: 'i13008' })[1]!.factor).toBe('i13007')
  })
  it('takes the example of the standard, whatever separates its items', () => {
    // HJ 212-2017 appendix C.41 separates the two times by a comma, C.46 the others by semicolons.
    expect(readExample('PolId=w01018;InfoId=i11001;BeginTime=20160801010522,EndTime=20160801085857')).toHaveLength(4)
    expect(parametersOf(entriesOf(command, readExample('PolId=w01018;InfoId=i13004;i13004-Info=168.0'))).map(({ name, value }) => `${name}=${value}`)).toEqual(['PolId=w01018', 'InfoId=i13004', 'i13004-Info=168.0'])
    expect(readExample('')).toEqual([])
  })
  it('leaves out what is empty', () => {
    expect(parametersOf(entriesOf(command))).toEqual([])
  })
  it('keeps a key that only looks like that of a factor', () => {
    const entries = entriesOf({ fields: [field('SKCreateTime', { form: 'time', length: 17 }), info] }, [{ name: 'SKCreateTime', value: '20260301140509000' }])
    expect(entries.map((entry) => entry.value)).toEqual(['20260301140509000', ''])
  })
  it('says range and unit as people read them', () => {
    expect(rangeText(rtd)).toBe('30–3600\u2009s')
    expect(rangeText(field('x', { form: 'number' }, { max: 9 }))).toBe('≤ 9')
    expect(rangeText(pol)).toBe('')
  })
})

describe('the command table', () => {
  const command = (cn: string, zh: string, en: string): Command => ({ cn, name: { zh, en } }) as Command
  const table = [command('1061', '提取实时数据间隔', 'get real-time interval'), command('2061', '取污染物小时数据', 'get hourly history'), command('2011', '取污染物实时数据', 'start real-time data')]
  it('is searched by code and by name in both languages, codes that begin with the text first', () => {
    expect(findCommands(table, '实时').map(({ cn }) => cn)).toEqual(['1061', '2011'])
    expect(findCommands(table, 'HOURLY').map(({ cn }) => cn)).toEqual(['2061'])
    expect(findCommands(table, '2').map(({ cn }) => cn)).toEqual(['2061', '2011'])
    expect(findCommands(table, '61').map(({ cn }) => cn)).toEqual(['1061', '2061'])
    expect(findCommands(table, ' ')).toHaveLength(3)
    expect(findCommands(table, '9999')).toEqual([])
  })
})
