/** The parts of ECharts that are used, and nothing else of it. */
import { LineChart, LinesChart, ScatterChart } from 'echarts/charts'
import { DataZoomComponent, GeoComponent, GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, registerMap, use, type ECharts } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer } from 'echarts/renderers'

use([LineChart, LinesChart, ScatterChart, DataZoomComponent, GeoComponent, GridComponent, MarkLineComponent, TooltipComponent, LabelLayout, CanvasRenderer])

export { init, registerMap, type ECharts }

/** Text of others in the HTML of a tooltip. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)

/** The page's colours, read anew for every drawing so that a chart follows the theme. */
export function palette() {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string): string => style.getPropertyValue(name).trim()
  return {
    card: of('--card'), ink: of('--ink'), ink2: of('--ink-2'), ink3: of('--ink-3'), line: of('--line'), lineStrong: of('--line-strong'),
    accent: of('--accent'), bad: of('--bad'), warn: of('--warn'), river: of('--river'), land: of('--land'), landLine: of('--land-line'), bg: of('--bg'),
    font: getComputedStyle(document.body).fontFamily,
  }
}
