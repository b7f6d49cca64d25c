/** Charts of the analysis: lines, bars and scatter; loaded with the screens that show them. */
import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { DataZoomComponent, GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, ScatterChart, DataZoomComponent, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer])
export { init, type ECharts }

/** Told apart on light and dark ground and by the colour-blind; none of them means a state. */
const light = ['#0b6467', '#8a4b08', '#4b4fa6', '#8f2d5f', '#3c6e1f', '#5b6b73', '#2a78b5', '#a03b1e', '#6f42a0', '#857100', '#00796b', '#a3345c']
const dark = ['#46b3ae', '#e0a063', '#9da1f2', '#e084b3', '#93c96f', '#a9b8c0', '#70b9ee', '#f0927a', '#c19cf0', '#d6c34a', '#4fd1bd', '#f08bb0']
export function lineColour(at: number, theme: 'light' | 'dark'): string {
  const colours = theme === 'dark' ? dark : light
  return colours[at % colours.length]!
}
/** How many lines a chart holds before it is no longer read. */
export const mostLines = light.length

