/** Coverage planning: the calls of the contract. */
import { get, post, withQuery } from './client'
import type { components, operations } from './schema'

type Schemas = components['schemas']
export type Coverage = Schemas['Coverage']
export type CoverageRow = Schemas['CoverageRow']
export type CoverageRule = Schemas['CoverageRule']
export type Siting = Schemas['Siting']
export type SitingRequest = Schemas['SitingRequest']
export type Redundancy = Schemas['Redundancy']
export type RedundancyPair = Redundancy['pairs'][number]
export type CoverageAsk = NonNullable<operations['getCoverage']['parameters']['query']>
export type RedundancyAsk = operations['getRedundancy']['parameters']['query']

export const coverage = {
  table: (ask: CoverageAsk, signal?: AbortSignal) => get<Coverage>('/api/coverage', { ...ask }, signal),
  /** Where the same table is offered as a file. */
  tableFile: (ask: CoverageAsk) => withQuery('/api/coverage', { ...ask }),
  siting: (wanted: SitingRequest, signal?: AbortSignal) => post<Siting>('/api/coverage/siting', wanted, signal),
  redundancy: (ask: RedundancyAsk, signal?: AbortSignal) => get<Redundancy>('/api/coverage/redundancy', { ...ask }, signal),
}
