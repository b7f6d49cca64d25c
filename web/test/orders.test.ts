import { describe, expect, it } from 'vitest'

import type { Command, Order, Step } from '@/api/client'
import { codeName, commandsFor, foldSteps, laterOrder, mergeOrders, orderTone, parameterLine } from '@/lib/orders'

const order = (id: number, state: Order['state'], second: number): Order =>
  ({ id, state, open: ['queued', 'sent', 'accepted'].includes(state), changed_at: `2026-03-01T14:00:${String(second).padStart(2, '0')}.000+08:00` }) as Order

describe('looks at the same order', () => {
  it('are settled for the later one', () => {
    expect(laterOrder(order(1, 'sent', 1), order(1, 'accepted', 2)).state).toBe('accepted')
    expect(laterOrder(order(1, 'accepted', 2), order(1, 'sent', 1)).state).toBe('accepted')
  })
  it('never open an order again that has ended, whatever the clocks say', () => {
    expect(laterOrder(order(1, 'done', 1), order(1, 'accepted', 5)).state).toBe('done')
    expect(laterOrder(order(1, 'accepted', 5), order(1, 'cancelled', 1)).state).toBe('cancelled')
  })
  it('give one row each, newest first, and no more than are kept', () => {
    const rows = mergeOrders([order(1, 'queued', 1), order(3, 'sent', 1)], [order(2, 'done', 1), order(1, 'sent', 2)], 2)
    expect(rows.map(({ id, state }) => [id, state])).toEqual([[3, 'sent'], [2, 'done']])
    expect(mergeOrders([order(1, 'queued', 1)], [order(1, 'sent', 2)], 9).map(({ state }) => state)).toEqual(['sent'])
  })
})

describe('a conversation', () => {
  const step = (entry: number, what: string): Step => ({ entry, what }) as Step
  it('folds a long run of data between its first and last frame and loses no step', () => {
    const steps = [step(1, 'sent'), step(2, 'reply'), ...Array.from({ length: 9 }, (_, i) => step(3 + i, 'data')), step(12, 'result')]
    const items = foldSteps(steps)
    expect(items.map((item) => (item.kind === 'run' ? item.steps.length : item.step.entry))).toEqual([1, 2, 3, 7, 11, 12])
    expect(items.flatMap((item) => (item.kind === 'run' ? item.steps : [item.step]))).toEqual(steps)
  })
  it('shows a short one whole', () => {
    expect(foldSteps([step(1, 'data'), step(2, 'data')]).every((item) => item.kind === 'step')).toBe(true)
    expect(foldSteps([])).toEqual([])
  })
  it('calls codes by the names of the standard', () => {
    expect([codeName(step(1, 'reply')), codeName(step(1, 'result'))]).toEqual(['QnRtn', 'ExeRtn'])
  })
  it('colours success, failure and an end without result differently', () => {
    expect((['done', 'refused', 'no_data', 'queued', 'cancelled'] as const).map(orderTone)).toEqual(['ok', 'bad', 'warn', '', ''])
  })
  it('has its parameters on one line', () => {
    expect(parameterLine({ parameters: [{ name: 'BeginTime', value: '1' }, { name: 'EndTime', value: '2' }] })).toBe('BeginTime=1, EndTime=2')
  })
})

describe('the commands that a device can be sent', () => {
  const command = (cn: string, more: Partial<Command> = {}): Command => ({ cn, sender: 'host', kind: 'request', surface_water: false, ...more }) as Command
  const table = [command('1011'), command('1014'), command('1014', { surface_water: true }), command('2012', { kind: 'notice' }), command('9014', { kind: 'reply' }), command('2011', { sender: 'device', kind: 'upload' })]
  it('are requests and notices of the host', () => {
    expect(commandsFor(table, false).map(({ cn, surface_water }) => [cn, surface_water])).toEqual([['1011', false], ['1014', false], ['2012', false]])
  })
  it('are those of the surface-water profile where it gives a code another meaning', () => {
    expect(commandsFor(table, true).map(({ cn, surface_water }) => [cn, surface_water])).toEqual([['1011', false], ['1014', true], ['2012', false]])
  })
})
