import { BigNumber } from 'bignumber.js'
import { Decimal as Precise } from 'decimal.js'

import { demand, refuse } from './bytes'
/** Exact: its sums and products are never rounded, a quotient once. No exponents, whatever the size. */
export const Exact = BigNumber.clone({ EXPONENTIAL_AT: 1e9, RANGE: 1e9 })
export type Decimal = BigNumber
/** Digits behind the point, as written. */
export const decimalsOf = (text: string): number => text.trim().split('.')[1]?.length ?? 0
/** bundle.md §3.2; undefined for what is no number. */
export function readDecimal(text: string): Decimal | undefined {
  const [, sign, digits = ''] = /^ *([+-]?)(\d+(?:\.\d*)?|\.\d+) *$/.exec(text) ?? []
  if (!digits || decimalsOf(digits) > 18 || digits.replace('.', '').replace(/^0+/, '').length > 18) return undefined
  return new Exact(`${sign === '-' ? '-' : ''}0${digits.replace(/\.$/, '')}`)
}
export const decimalOf = (text: string): Decimal => readDecimal(text) ?? refuse(`"${text.slice(0, 64)}" is no number`)
/** With exactly so many decimals (as many as are needed when none are given), which hold it without rounding. */
export function writeDecimal(value: Decimal, decimals?: number): string {
  const text = (value.isZero() ? value.abs() : value).toFixed(decimals as number)
  demand(readDecimal(text), `the result ${text.slice(0, 64)} has too many digits`)
  return text
}
/** above / below, rounded once to exactly so many decimals: GB/T 8170-2008 §3, or upwards. */
export function quotient(above: Decimal, below: Decimal | number, decimals: number, rounding = 'half-even'): string {
  const ROUNDING_MODE = rounding === 'up' ? BigNumber.ROUND_CEIL : BigNumber.ROUND_HALF_EVEN
  const Rounding = BigNumber.clone({ EXPONENTIAL_AT: 1e9, RANGE: 1e9, DECIMAL_PLACES: decimals, ROUNDING_MODE })
  return writeDecimal(new Rounding(above).div(below), decimals)
}
export const total = (values: Decimal[]): Decimal => values.reduce((sum, each) => sum.plus(each))
/** Logarithms, far closer than 10^−40; then to 30 decimals, then to those asked for, so that what is exact is rounded as such: bundle.md §3.4. */
const Close = Precise.clone({ precision: 100, rounding: Precise.ROUND_HALF_EVEN, toExpNeg: -1e9, toExpPos: 1e9 })
const settle = (value: Precise, decimals: number): string => quotient(new Exact(value.toFixed(30)), 1, decimals)
export function logarithm(value: Decimal, base: 'ln' | 'log', decimals: number): string {
  return value.gt(0) ? settle(new Close(value.toFixed())[base](), decimals) : refuse('a logarithm of 0 or below')
}
/** 10·lg(Σ10^(L/10)/n): the level of the mean energy. */
export function meanLevel(levels: Decimal[], decimals: number): string {
  demand(levels.every((level) => level.abs().lte(1000)), 'a level below −1000 or above 1000')
  const energy = levels.reduce((sum, level) => sum.plus(new Close(10).pow(new Close(level.toFixed()).div(10))), new Close(0))
  return settle(energy.div(levels.length).log().times(10), decimals)
}
