/** The register of the network: the calls of the contract. */
import { get, post, segment, withQuery } from './client'
import type { components, operations } from './schema'
import { upload, type OnSent } from './upload'

type Schemas = components['schemas']
export type RegisterOverview = Schemas['RegisterOverview']
export type RegisterKind = Schemas['RegisterKind']
export type RegisterAttribute = Schemas['RegisterAttribute']
export type RegisterAction = Schemas['RegisterAction']
export type RegisterRecord = Schemas['RegisterRecord']
export type RecordList = Schemas['RecordList']
export type RecordState = Schemas['RecordState']
export type RecordStep = Schemas['RecordStep']
export type RecordDetail = Schemas['RecordDetail']
export type RecordChange = Schemas['RecordChange']
export type RegisterHint = Schemas['RegisterHint']
export type RegisterReport = Schemas['RegisterReport']
export type RegisterGeometry = Schemas['RegisterGeometry']
export type Attributes = Schemas['Attributes']

export type RecordsAsk = NonNullable<operations['listRecords']['parameters']['query']>
export type ImportAsk = NonNullable<operations['importRecords']['parameters']['query']>
export type ExportAsk = NonNullable<operations['exportRecords']['parameters']['query']>

/** As many records as the server gives at once. */
export const mostRecords = 20_000

const path = (kind: string): string => `/api/register/${segment(kind)}`
export const register = {
  overview: (as_of: string | undefined, signal?: AbortSignal) => get<RegisterOverview>('/api/register', { as_of }, signal),
  records: (kind: string, ask: RecordsAsk, signal?: AbortSignal) => get<RecordList>(path(kind), { ...ask }, signal),
  record: (kind: string, id: string, as_of: string | undefined, signal?: AbortSignal) => get<RecordDetail>(`${path(kind)}/${segment(id)}`, { as_of }, signal),
  change: (kind: string, id: string, change: RecordChange) => post<RecordDetail>(`${path(kind)}/${segment(id)}`, change),
  import: (kind: string, ask: ImportAsk, body: Blob, signal?: AbortSignal, onSent?: OnSent) => upload<RegisterReport>(`${path(kind)}/import`, { ...ask }, body, signal, onSent),
  /** Where the table of a kind is offered as a file. */
  exportFile: (kind: string, ask: ExportAsk) => withQuery(`${path(kind)}/export`, { ...ask }),
  hints: (ask: { as_of?: string; element?: string; distance_m?: number }, signal?: AbortSignal) => get<RegisterHint[]>('/api/register/duplicates', ask, signal),
  geometry: (kind: string, ask: { as_of?: string | undefined; across?: number }, signal?: AbortSignal) => get<RegisterGeometry>('/api/register/geometry', { kind, ...ask }, signal),
}
