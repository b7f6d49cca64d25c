/** Statistics and appraisal: the calls of the contract. */
import { get, segment, withQuery } from './client'
import type { components, operations } from './schema'

type Schemas = components['schemas']
export type StatisticsCatalogue = Schemas['StatisticsCatalogue']
export type StatisticsTable = Schemas['StatisticsTable']
export type StatisticsTrends = Schemas['StatisticsTrends']
export type StatisticsCorrelation = Schemas['StatisticsCorrelation']
export type StatisticsNote = Schemas['StatisticsNote']
export type StatisticsSubject = Schemas['StatisticsSubject']
export type TrendSeries = StatisticsTrends['series'][number]
export type AppraisalScheme = Schemas['AppraisalScheme']
export type Appraisal = Schemas['Appraisal']
export type AppraisalRow = Appraisal['rows'][number]
export type AppraisalPayment = Schemas['AppraisalPayment']
export type AppraisalStep = Schemas['AppraisalStep']
export type FigureSheet = Schemas['FigureSheet']

export type StatisticsAsk = operations['getStatistics']['parameters']['query']
export type StatisticsSheetAsk = operations['getStatisticsSheet']['parameters']['query']
export type TrendAsk = operations['getStatisticsTrend']['parameters']['query']
export type CorrelationAsk = operations['getStatisticsCorrelation']['parameters']['query']

export const analysis = {
  catalogue: (signal?: AbortSignal) => get<StatisticsCatalogue>('/api/statistics/catalogue', undefined, signal),
  table: (ask: StatisticsAsk, signal?: AbortSignal) => get<StatisticsTable>('/api/statistics', { ...ask }, signal),
  /** Where the same table is offered as a file. */
  tableFile: (ask: StatisticsAsk, format: 'csv' | 'xlsx' | 'parquet') => withQuery('/api/statistics', { ...ask, format }),
  /** How one figure of the table is made, and the name under which it can be proved. */
  tableSheet: (ask: StatisticsSheetAsk, signal?: AbortSignal) => get<FigureSheet>('/api/statistics/sheet', { ...ask }, signal),
  trend: (ask: TrendAsk, signal?: AbortSignal) => get<StatisticsTrends>('/api/statistics/trend', { ...ask }, signal),
  correlation: (ask: CorrelationAsk, signal?: AbortSignal) => get<StatisticsCorrelation>('/api/statistics/correlation', { ...ask }, signal),
  schemes: (signal?: AbortSignal) => get<AppraisalScheme[]>('/api/appraisal/schemes', undefined, signal),
  appraisal: (scheme: string, period: string, signal?: AbortSignal) => get<Appraisal>(`/api/appraisal/${segment(scheme)}`, { period }, signal),
  /** The same of a figure of an appraisal: `total`, `rank`, `points.<id>`, `figure.<id>`, `payment.<n>`, `pays`, `receives`, `net`. */
  appraisalSheet: (scheme: string, period: string, subject: string, indicator: string, signal?: AbortSignal) => get<FigureSheet>(`/api/appraisal/${segment(scheme)}/sheet`, { period, subject, indicator }, signal),
  appraisalFile: (scheme: string, period: string, format: 'csv' | 'xlsx') => withQuery(`/api/appraisal/${segment(scheme)}`, { period, format }),
}
