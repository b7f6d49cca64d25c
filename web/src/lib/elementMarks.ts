/** One shape for every environmental element of the register, the same in tables, legends and on maps; in the order of the register. */
import type { Element } from '@/api/client'

/** Paths on a square of 12 units (flags of arcs apart: ECharts does not read `0 01`); those of air, surface water and source are the marks of the overview. */
export const elementMarks = {
  air: 'M6 1.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 0 1 0-9.6z',
  precipitation: 'M6 0.800C8 3.600 9.600 5.500 9.600 7.500a3.600 3.600 0 0 1 -7.200 0C2.400 5.500 4 3.600 6 0.800z',
  surface_water: 'M6 1L11.200 10.600H0.800z',
  groundwater: 'M6 11L0.800 1.400H11.200z',
  drinking_source: 'M1.200 1.600H10.800L8.800 10.600H3.200z',
  soil: 'M6 0.700L11.300 6L6 11.300L0.700 6z',
  noise: 'M3.300 1.100H8.700L11.400 6L8.700 10.900H3.300L0.600 6z',
  radiation: 'M6 0.600L7.500 4.100L11.300 4.400L8.400 6.900L9.300 10.700L6 8.700L2.700 10.700L3.600 6.900L0.700 4.400L4.500 4.100z',
  ecology: 'M1.500 10.500C0.800 4.500 4.500 1 11 1C11.300 7.500 7.500 11 1.500 10.500z',
  source: 'M1.400 1.400h9.200v9.200h-9.200z',
} as const satisfies Record<Element, string>

export type RegisterElement = keyof typeof elementMarks
export const registerElements = Object.keys(elementMarks) as RegisterElement[]

/** The mark of an element; a plain cross of its own for a word the register brought and this client does not know. */
export const markOf = (element: string): string => elementMarks[element as RegisterElement] ?? 'M4.500 1h3v3.500H11v3H7.500V11h-3V7.500H1v-3h3.500z'
