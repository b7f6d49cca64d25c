/** The rule book: the calls of the contract. */
import { get, segment } from './client'
import type { components } from './schema'

type Schemas = components['schemas']
export type StandardEdition = Schemas['StandardEdition']
export type StandardList = Schemas['StandardList']
export type StandardDetail = Schemas['StandardDetail']
export type StandardTable = Schemas['StandardTable']
export type StandardRow = Schemas['StandardRow']
export type StandardHit = Schemas['StandardHits']['hits'][number]
export type StandardHits = Schemas['StandardHits']

export const standards = {
  list: (query: { at?: string; kind?: string }, signal?: AbortSignal) => get<StandardList>('/api/standards', query, signal),
  search: (query: { q: string; at?: string; limit?: number }, signal?: AbortSignal) => get<StandardHits>('/api/standards/search', query, signal),
  edition: (id: string, query: { kind?: string; at?: string }, signal?: AbortSignal) => get<StandardDetail>(`/api/standards/${segment(id)}`, query, signal),
}
