import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { en } from '@/i18n/en'
import { zh } from '@/i18n/zh'
import { blocks, readContract } from '@/lib/contract'
import { gradeKey, grades } from '@/lib/grade'

function keys(value: object, before = ''): string[] {
  return Object.entries(value).flatMap(([key, child]) => (typeof child === 'object' ? keys(child as object, `${before}${key}.`) : [`${before}${key}`]))
}

describe('the dictionaries', () => {
  it('say the same things in both languages', () => {
    expect(keys(en).sort()).toEqual(keys(zh).sort())
  })
  it('have a word for every grade of every scale', () => {
    const known = new Set(keys(zh))
    for (const scale of ['aqi', 'water_class', 'source', 'limits'] as const)
      for (const grade of grades(scale)) expect(known.has(gradeKey({ scale, grade: grade as never }))).toBe(true)
  })
})

describe('the words of the contract', () => {
  const schemas = (parse(readFileSync(new URL('../../api/openapi/mingjian.yaml', import.meta.url), 'utf8')) as { components: { schemas: Record<string, { enum?: string[]; properties?: Record<string, { enum?: string[] }> }> } }).components.schemas
  /** Values of a member of the objects in a list. */
  const items = (schema: object, list: string, member: string): string[] =>
    (schema as { properties: Record<string, { items: { properties: Record<string, { enum: string[] }> } }> }).properties[list]!.items.properties[member]!.enum
  it('have a word on the screens, every one', () => {
    const known = new Set(keys(zh))
    const said: [string, string[]][] = [
      ['element', schemas.Element!.enum!],
      ['scale', schemas.PointState!.properties!.scale!.enum!],
      ['state.primary', schemas.PointState!.properties!.scale!.enum!],
      ['order.states', schemas.OrderState!.enum!],
      ['disposition', schemas.Disposition!.enum!],
      ['profile.crcRule', schemas.CrcRule!.enum!],
      ['profile.rule', schemas.PasswordRule!.enum!],
      ['profile.cipher', schemas.Encryption!.enum!],
      ['send.course', schemas.Command!.properties!.course!.enum!],
      ['device.source', schemas.DialectInForce!.properties!.source!.enum!],
      ['evidence.types', schemas.EntryType!.enum!],
      ['evidence.action', items(schemas.Evidence!, 'keys', 'action')],
      ['evidence.alert', items(schemas.Evidence!, 'alerts', 'kind')],
      ['evidence.alert.act', items(schemas.Evidence!, 'alerts', 'kind')],
      ['evaluation.levels', schemas.EvaluationLevelKind!.enum!],
      ['evaluation.kinds', schemas.EvaluationLevelKind!.enum!],
      ['evaluation.periods', schemas.EvaluationPeriodKind!.enum!],
      ['evaluation', schemas.EvaluationRun!.properties!.state!.enum!],
      ['verification', schemas.Verification!.enum!.map((state) => state.toLowerCase())],
    ]
    for (const [group, words] of said) for (const word of words) expect(known.has(`${group}.${word}`), `${group}.${word}`).toBe(true)
  })
})

describe('the contract page', () => {
  const contract = readContract(parse(readFileSync(new URL('../../api/openapi/mingjian.yaml', import.meta.url), 'utf8')) as object)
  it('shows every operation with an answer', () => {
    expect(contract.operations.length).toBeGreaterThan(12)
    for (const operation of contract.operations) expect(operation.answers.length).toBeGreaterThan(0)
  })
  it('links only to schemas that exist', () => {
    const names = new Set(contract.schemas.map((schema) => schema.name))
    const links = [
      ...contract.operations.flatMap((operation) => operation.answers.map((answer) => answer.type.schema)),
      ...contract.schemas.flatMap((schema) => schema.fields.map((field) => field.type.schema)),
    ].filter((name) => name !== null)
    for (const name of links) expect(names.has(name)).toBe(true)
  })
  it('reads lists and tables of descriptions', () => {
    expect(blocks('one\n\n* a **b**\n  c\n* d\n\n| x | y |\n|---|---|\n| 1 | 2 |')).toEqual([
      { kind: 'text', text: 'one' },
      { kind: 'list', items: ['a b c', 'd'] },
      { kind: 'table', rows: [['x', 'y'], ['1', '2']] },
    ])
  })
})
