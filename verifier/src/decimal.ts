import { BigNumber } from 'bignumber.js'

import { demand, refuse } from './bytes'
/** Exact: its sums and products are never rounded, a quotient once. No exponents, whatever the size. */
const Exact = BigNumber.clone({ EXPONENTIAL_AT: 1e9, RANGE: 1e9 })
export type Decimal = BigNumber
/** Digits behind the point, as written. */
export const decimalsOf = (text: string): number => text.trim().split('.')[1]?.length ?? 0
/** bundle.md §3.2; undefined for what is no number. */
export function readDecimal(text: string): Decimal | undefined {
  const match = /^ *([+-]?)(\d+(?:\.\d*)?|\.\d+) *$/.exec(text)
  if (!match || decimalsOf(match[2]!) > 18 || match[2]!.replace('.', '').replace(/^0+/, '').length > 18) return undefined
  const [whole, fraction] = match[2]!.split('.')
  return new Exact(`${match[1] === '-' ? '-' : ''}${whole || '0'}.${fraction || '0'}`)
}
/** The same for text that has to be a number. */
export function decimalOf(text: string): Decimal {
  return readDecimal(text) ?? refuse(`"${text.slice(0, 64)}" is no number`)
}
/** With exactly so many decimals (as many as are needed when none are given), which hold it without rounding. */
export function writeDecimal(value: Decimal, decimals?: number): string {
  const text = (value.isZero() ? value.abs() : value).toFixed(decimals as number)
  demand(readDecimal(text), `the result ${text.slice(0, 64)} has too many digits`)
  return text
}
/** above / below, rounded once to exactly so many decimals: GB/T 8170-2008 §3, or upwards. */
export function quotient(above: Decimal, below: Decimal | number, decimals: number, rounding = 'half-even'): string {
  const mode = rounding === 'up' ? BigNumber.ROUND_CEIL : BigNumber.ROUND_HALF_EVEN
  const Rounding = BigNumber.clone({ EXPONENTIAL_AT: 1e9, RANGE: 1e9, DECIMAL_PLACES: decimals, ROUNDING_MODE: mode })
  return writeDecimal(new Rounding(above).div(below), decimals)
}
