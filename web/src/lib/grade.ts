/**
 * The colours by which states are known. AQI categories: HJ 633 annex A (RGB). Water classes: colour names of 环办〔2011〕22号
 * (Ⅰ–Ⅱ blue, Ⅲ green, Ⅳ yellow, Ⅴ orange, 劣Ⅴ red). A colour never stands alone: text or shape is always beside it.
 */
import type { Element, PointState } from '@/api/client'

export interface Swatch {
  fill: string
  /** Text that is legible on the fill. */
  ink: string
}

const dark = '#1b2529'
const light = '#ffffff'

const aqi: Record<string, Swatch> = {
  '1': { fill: '#00e400', ink: dark },
  '2': { fill: '#ffff00', ink: dark },
  '3': { fill: '#ff7e00', ink: dark },
  '4': { fill: '#ff0000', ink: light },
  '5': { fill: '#99004c', ink: light },
  '6': { fill: '#7e0023', ink: light },
}

const water: Record<string, Swatch> = {
  '1': { fill: '#4aa8ff', ink: dark },
  '2': { fill: '#1674dc', ink: light },
  '3': { fill: '#00b050', ink: dark },
  '4': { fill: '#ffe600', ink: dark },
  '5': { fill: '#ff9b00', ink: dark },
  '6': { fill: '#e60000', ink: light },
}

/** Of sources and of the elements whose hours no standard grades. */
const limits: Record<string, Swatch> = {
  receiving: { fill: '#5b8fb9', ink: dark },
  normal: { fill: '#2f9e77', ink: dark },
  exceeding: { fill: '#e60000', ink: light },
  stopped: { fill: '#8b979d', ink: dark },
}

const none: Swatch = { fill: '#b9c3c8', ink: dark }

export type Scale = PointState['scale']

const six = ['1', '2', '3', '4', '5', '6']

export function swatch(scale: Scale, grade: string): Swatch {
  const table = scale === 'aqi' ? aqi : scale === 'water_class' ? water : limits
  return table[grade] ?? none
}

/** Whether there is a grade at all; without one a point is drawn hollow. */
export function graded(grade: string): boolean {
  return grade !== 'offline' && grade !== 'unknown'
}

/** Grades of a scale from good to bad, then the two without a grade. */
export function grades(scale: Scale): string[] {
  const own = { source: ['normal', 'exceeding', 'stopped'], limits: ['receiving', 'normal', 'exceeding', 'stopped'], aqi: six, water_class: six }[scale]
  return [...own, 'offline', 'unknown']
}

export function scaleOf(element: Element): Scale {
  return element === 'air' ? 'aqi' : element === 'surface_water' ? 'water_class' : element === 'source' ? 'source' : 'limits'
}

/** Name of one row of the legend: a click there hides its points. */
export const legendKey = (element: Element, grade: string): string => `${element}.${grade}`

/** The key under which the texts of a grade stand in the dictionaries. */
export function gradeKey(state: Pick<PointState, 'scale' | 'grade'>): string {
  return graded(state.grade) ? `grade.${state.scale}.${state.grade}` : `grade.${state.grade}`
}

/** Order for sorting: worst first, then those without a grade. */
export function badness(state: Pick<PointState, 'scale' | 'grade'>): number {
  if (state.grade === 'unknown') return -2
  if (state.grade === 'offline') return -1
  if (state.scale === 'source' || state.scale === 'limits') return { receiving: 0.5, normal: 1, stopped: 0, exceeding: 6 }[state.grade as 'normal'] ?? 0
  return Number(state.grade)
}
