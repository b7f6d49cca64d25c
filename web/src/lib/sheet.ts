/** A calculation sheet as a table that can be carried away: pure. */
import type { CalculationSheet } from '@/api/evaluation'
import type { Name } from '@/api/client'
import type { Cell } from './delimited'
import { editionsOf } from './evaluation'

export interface SheetWords {
  step: string
  input: string
  figure: string
  used: string
  notUsed: string
  standard: string
}

/**
 * The edition a clause belongs to: one of those of the sheet (the longest name that fits, so that `GB 3095-2012` is not `GB 3095`), or
 * another one that is named in the usual form.
 */
export function clauseEdition(clause: string, standard: string): string | null {
  const own = editionsOf(standard).filter((id) => clause === id || clause.startsWith(`${id} `)).sort((a, b) => b.length - a.length)[0]
  return own ?? /^(?:GB|HJ|DB\d{2})(?:\/T)? ?[\d.]+-\d{4}(?=\s|$)/.exec(clause)?.[0] ?? null
}

/** Figure, steps and inputs below one another, all columns named. */
export function sheetTable(sheet: CalculationSheet, name: (both: Name) => string, words: SheetWords): [string[], Cell[][]] {
  const header = ['', 'no', 'what', 'at', 'formula', 'value', 'unit', 'flag', 'used', 'clause', 'verification', 'entry']
  const rows: Cell[][] = [
    [words.figure, null, `${sheet.subject.id} ${sheet.indicator}`, sheet.at, null, sheet.figure?.text ?? null, sheet.unit, null, null, sheet.standard, sheet.verification, null],
    ...sheet.steps.map((step, at): Cell[] => [words.step, at + 1, name(step.title), null, step.formula, step.result, step.unit, null, null, step.clause, step.verification, null]),
    ...sheet.inputs.map((input, at): Cell[] => [
      words.input, at + 1, input.label, input.at, null, input.text === '' ? null : input.text, input.unit, input.flag, input.used ? words.used : `${words.notUsed}${input.reason ? `: ${input.reason}` : ''}`, null, null, input.entry,
    ]),
  ]
  return [header, rows]
}
