/** A year of days as a chart; its own part of ECharts, loaded with the screens that show one. */
import { HeatmapChart } from 'echarts/charts'
import { CalendarComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

import type { Level } from './completeness'
import { palette } from './charts'

use([HeatmapChart, CalendarComponent, TooltipComponent, VisualMapComponent, CanvasRenderer])
export { init, type ECharts }

/** Between two colours written as `#rrggbb`. */
export function mix(from: string, to: string, share: number): string {
  const part = (colour: string, at: number): number => Number.parseInt(colour.slice(at, at + 2), 16)
  const channel = (at: number): string =>
    Math.round(part(from, at) + (part(to, at) - part(from, at)) * share)
      .toString(16)
      .padStart(2, '0')
  return `#${channel(1)}${channel(3)}${channel(5)}`
}

/** Whole days are calm, missing ones stand out; the word beside the colour says the same. */
export function levelColours(colours = palette()): Record<Level, string> {
  return {
    full: mix(colours.card, colours.accent, 0.75),
    most: mix(colours.card, colours.accent, 0.35),
    part: mix(colours.card, colours.warn, 0.4),
    poor: mix(colours.card, colours.warn, 0.85),
    none: colours.bad,
  }
}
