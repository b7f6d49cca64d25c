/** Files of other departments, handed over: the calls of the contract. */
import { get, type Page } from './client'
import type { components } from './schema'
import { upload, type OnSent } from './upload'

type Schemas = components['schemas']
export type ImportLayout = Schemas['ImportLayout']
export type Recognition = Schemas['Recognition']
export type ImportReceipt = Schemas['ImportReceipt']
export type ImportFault = Schemas['ImportFault']

export interface HandOver {
  file: string
  name?: string
  reason?: string
  layout?: string
  factor?: string
  unit?: string
  station?: string
  dry_run?: boolean
}
/** As much of a file as is needed to tell what it is. */
export const headBytes = 64 * 1024
/** The most that is taken in one request. */
export const mostBytes = 64 * 1024 * 1024

export const intake = {
  layouts: (signal?: AbortSignal) => get<ImportLayout[]>('/api/intake/layouts', undefined, signal),
  recognise: (file: File, signal?: AbortSignal) => upload<Recognition>('/api/intake/recognise', { file: file.name }, file.slice(0, headBytes), signal),
  files: (page: Page, signal?: AbortSignal) => get<ImportReceipt[]>('/api/intake/files', { ...page }, signal),
  file: (entry: number, signal?: AbortSignal) => get<ImportReceipt>(`/api/intake/files/${entry}`, undefined, signal),
  handOver: (file: File, said: HandOver, signal?: AbortSignal, onSent?: OnSent) => upload<ImportReceipt>('/api/intake/files', { ...said }, file, signal, onSent),
}
