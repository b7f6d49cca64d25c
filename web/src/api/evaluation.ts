/** What was evaluated, by which standard, and the sheet behind every figure: the calls of the contract. */
import { get, post, segment, withQuery } from './client'
import type { components } from './schema'

type Schemas = components['schemas']
export type EvaluatedElement = Schemas['EvaluatedElement']
export type Indicator = Schemas['EvaluationIndicatorLine']
export type Level = Schemas['EvaluationLevelKind']
export type Subject = Schemas['EvaluatedSubjectLine']
export type Grade = Schemas['EvaluationGrade']
export type ResultRow = Schemas['ResultRow']
export type ResultTable = Schemas['ResultTable']
export type PeriodFigure = Schemas['PeriodFigure']
export type ResultTrend = Schemas['ResultTrend']
export type ComplianceTable = Schemas['ComplianceTable']
export type ComplianceRow = ComplianceTable['rows'][number]
export type CalculationSheet = Schemas['CalculationSheet']
export type SheetInput = Schemas['SheetInput']
export type SheetStep = Schemas['SheetStep']
export type EvaluationRun = Schemas['EvaluationRun']
type Period = Schemas['EvaluationPeriodKind']

const of = (element: string): string => `/api/evaluation/${segment(element)}`

export const evaluation = {
  elements: (signal?: AbortSignal) => get<EvaluatedElement[]>('/api/evaluation/elements', undefined, signal),
  results: (element: string, query: { period: Period; at?: string; level: Level; indicator?: string }, signal?: AbortSignal) =>
    get<ResultTable>(`${of(element)}/results`, query, signal),
  /** Where the same results are offered as a file, with units, standard and state of verification. */
  resultsFile: (element: string, query: { period: Period; at?: string; level: Level; indicator?: string }, format: 'csv' | 'xlsx') =>
    withQuery(`${of(element)}/results`, { ...query, format }),
  subject: (element: string, subject: string, query: { period: Period; at?: string }, signal?: AbortSignal) =>
    get<ResultRow[]>(`${of(element)}/subjects/${segment(subject)}`, query, signal),
  calendar: (element: string, query: { subject: string; year: number; indicator?: string }, signal?: AbortSignal) =>
    get<PeriodFigure[]>(`${of(element)}/calendar`, query, signal),
  trend: (element: string, query: { subject: string; indicator?: string; period: Period; from: string; to: string }, signal?: AbortSignal) =>
    get<ResultTrend>(`${of(element)}/trend`, query, signal),
  compliance: (element: string, query: { period: Period; at?: string; level: Level }, signal?: AbortSignal) =>
    get<ComplianceTable>(`${of(element)}/compliance`, query, signal),
  sheet: (element: string, query: { subject: string; indicator?: string; period: Period; at?: string }, signal?: AbortSignal) =>
    get<CalculationSheet>(`${of(element)}/sheet`, query, signal),
  sheetFile: (element: string, query: { subject: string; indicator?: string; period: Period; at?: string }, format: 'csv' | 'xlsx') =>
    withQuery(`${of(element)}/sheet`, { ...query, format }),
  runs: (limit: number, signal?: AbortSignal) => get<EvaluationRun[]>('/api/evaluation/runs', { limit }, signal),
  run: (id: number, signal?: AbortSignal) => get<EvaluationRun>(`/api/evaluation/runs/${id}`, undefined, signal),
  start: (request: Schemas['EvaluationRequest']) => post<EvaluationRun>('/api/evaluation/runs', request),
  cancel: (id: number) => post<EvaluationRun>(`/api/evaluation/runs/${id}/cancel`, {}),
}
