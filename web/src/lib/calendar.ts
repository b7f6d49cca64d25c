/** A year of days as a chart; its own part of ECharts, loaded with the screens that show one. */
import { HeatmapChart } from 'echarts/charts'
import { CalendarComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

import type { Level } from './completeness'
import { palette } from './charts'
import { mix } from './mix'

use([HeatmapChart, CalendarComponent, TooltipComponent, VisualMapComponent, CanvasRenderer])
export { init, mix, type ECharts }

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
