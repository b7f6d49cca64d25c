import { concat } from '@/lib/bytes'

import type { components } from './schema'

type Schemas = components['schemas']
export type Overview = Schemas['Overview']
export type PointSummary = Schemas['PointSummary']
export type PointState = Schemas['PointState']
export type PointDetail = Schemas['PointDetail']
export type LatestValue = Schemas['LatestValue']
export type Series = Schemas['Series']
export type FrameLine = Schemas['FrameLine']
export type FrameDetail = Schemas['FrameDetail']
export type FrameObservation = Schemas['FrameObservation']
export type DecodedFrame = Schemas['DecodedFrame']
export type Proof = Schemas['Proof']
export type Ledger = Schemas['Ledger']
export type Alarm = Schemas['Alarm']
export type SystemState = Schemas['System']
export type SystemPulse = Schemas['SystemPulse']
export type Follower = Schemas['Follower']
export type Name = Schemas['Name']
export type Decimal = Schemas['Decimal']
export type Disposition = Schemas['Disposition']
export type Element = Schemas['Element']
export type Period = Schemas['Period']
export type Limit = Schemas['Limit']
export type DeviceList = Schemas['DeviceList']
export type DeviceSummary = Schemas['DeviceSummary']
export type DeviceDetail = Schemas['DeviceDetail']
export type DeviceEvent = Schemas['DeviceEvent']
export type DeviceLink = Schemas['Link']
export type Profile = Schemas['Profile']
export type ProfileChange = Schemas['ProfileChange']
export type Ground = Schemas['Ground']
export type KeyEntry = Schemas['KeyEntry']
export type Order = Schemas['Order']
export type OrderState = Schemas['OrderState']
export type OrderDetail = Schemas['OrderDetail']
export type OrderDraft = Schemas['OrderDraft']
export type OrderRequest = Schemas['OrderRequest']
export type OrderParameter = Schemas['OrderParameter']
export type Step = Schemas['Step']
export type Preview = Schemas['Preview']
export type Command = Schemas['Command']
export type CommandField = Schemas['CommandField']
export type ParameterReading = Schemas['ParameterReading']
export type Completeness = Schemas['Completeness']
export type DayShare = Completeness['days'][number]
export type DeviationCount = Schemas['DeviationCount']
export type DeviationKind = Schemas['DeviationKind']
export type Conformance = Schemas['Conformance']
export type VendorConformance = Conformance['vendors'][number]
export type DeviceConformance = Conformance['devices'][number]
export type Evidence = Schemas['Evidence']
export type TreeHead = Schemas['TreeHead']
export type Witness = Evidence['witnesses'][number]
export type KeyChange = Evidence['keys'][number]
export type EvidenceAlert = Evidence['alerts'][number]
export type EvidenceFiles = Schemas['EvidenceFiles']
export type EntryLine = Schemas['EntryLine']
export type EntryDetail = Schemas['EntryDetail']
export type EntryType = Schemas['EntryType']
export type Anchor = Schemas['Anchor']
export type Consistency = Schemas['Consistency']
export type DayStatement = Schemas['DayStatement']
export type Gap = DayStatement['gaps'][number]
export type Explanation = Schemas['Explanation']

/** What went wrong with a request, in the words of the server where it had any. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    text: string,
  ) {
    super(text)
    this.name = 'ApiError'
  }
}

type Value = string | number | boolean
export type Query = Record<string, Value | undefined>

export function withQuery(path: string, query?: Query): string {
  const pairs = Object.entries(query ?? {}).filter((pair): pair is [string, Value] => pair[1] !== undefined)
  if (pairs.length === 0) return path
  // A form writes a blank as `+`, an address as `%20`; the server reads addresses.
  return `${path}?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString().replace(/\+/g, '%20')}`
}

export async function answerOf(path: string, init: RequestInit): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(path, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'unreachable', '')
  }
  if (!answer.ok) {
    let code = `http_${answer.status}`
    let text = ''
    try {
      const body = (await answer.json()) as { error?: { code?: string; text?: string } }
      code = body.error?.code ?? code
      text = body.error?.text ?? ''
    } catch {
      // No JSON body (a proxy answered): the status has to do.
    }
    throw new ApiError(answer.status, code, text)
  }
  return answer
}

export const send = async <T>(path: string, init: RequestInit): Promise<T> => (await (await answerOf(path, init)).json()) as T

const getText = async (path: string, signal?: AbortSignal): Promise<string> => (await answerOf(path, { signal: signal ?? null })).text()

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  send<T>(withQuery(path, query), { headers: { accept: 'application/json' }, signal: signal ?? null })

export const post = <T>(path: string, body: object, signal?: AbortSignal): Promise<T> =>
  send<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  })

export const segment = encodeURIComponent
/** An MN as it stands in an address; frames without MN go by `-`. */
export const mnSegment = (mn: string): string => (mn === '' ? '-' : segment(mn))

/** What a bundle is asked for: one figure, or all entries of a device over a time. */
export type BundleSubject = { figure: string } | { device: string; from: string; to: string }

/** The bytes of a bundle as they come, with how many have come; `all` is null where the server does not say. */
async function fetchBundle(subject: BundleSubject, onBytes: (done: number, all: number | null) => void, signal?: AbortSignal): Promise<Uint8Array> {
  const answer = await answerOf(withQuery('/api/evidence/bundle', { ...subject }), { headers: { accept: 'application/json' }, signal: signal ?? null })
  const length = Number(answer.headers.get('content-length'))
  const all = answer.headers.has('content-encoding') || !(length > 0) ? null : length
  const reader = answer.body!.getReader()
  const parts: Uint8Array[] = []
  let done = 0
  for (;;) {
    const { value, done: over } = await reader.read()
    if (over) break
    parts.push(value)
    done += value.length
    onBytes(done, all)
  }
  return concat(...parts)
}

export interface Page {
  before?: number
  limit?: number
}

/** The calls of the contract, one function each. */
export const api = {
  overview: (signal?: AbortSignal) => get<Overview>('/api/overview', undefined, signal),
  points: (signal?: AbortSignal) => get<PointSummary[]>('/api/points', undefined, signal),
  point: (id: string, signal?: AbortSignal) => get<PointDetail>(`/api/points/${segment(id)}`, undefined, signal),
  series: (
    id: string,
    query: { factor: string; kind: string; period: Period; from: string; to: string; max_points?: number },
    signal?: AbortSignal,
  ) => get<Series>(`/api/points/${segment(id)}/series`, query, signal),
  pointFrames: (id: string, page: Page, signal?: AbortSignal) =>
    get<FrameLine[]>(`/api/points/${segment(id)}/frames`, { ...page }, signal),
  frames: (query: Page & { disposition?: Exclude<Disposition, 'sent'> }, signal?: AbortSignal) =>
    get<FrameLine[]>('/api/frames', { ...query }, signal),
  frame: (entry: number, signal?: AbortSignal) => get<FrameDetail>(`/api/frames/${entry}`, undefined, signal),
  proof: (entry: number, signal?: AbortSignal) => get<Proof>(`/api/frames/${entry}/proof`, undefined, signal),
  alarms: (query: Page & { state?: 'open' | 'cleared' | 'all' }, signal?: AbortSignal) =>
    get<Alarm[]>('/api/alarms', { ...query }, signal),
  acknowledge: (id: number, name: string, reason: string) => post<Alarm>(`/api/alarms/${id}/acknowledge`, { name, reason }),
  devices: (query: { q?: string; online?: boolean; limit?: number }, signal?: AbortSignal) => get<DeviceList>('/api/devices', query, signal),
  device: (mn: string, signal?: AbortSignal) => get<DeviceDetail>(`/api/devices/${mnSegment(mn)}`, undefined, signal),
  deviceOrders: (mn: string, query: Page & { open?: boolean }, signal?: AbortSignal) =>
    get<Order[]>(`/api/devices/${mnSegment(mn)}/orders`, { ...query }, signal),
  placeOrder: (mn: string, request: OrderRequest) => post<Order>(`/api/devices/${mnSegment(mn)}/orders`, request),
  previewOrder: (mn: string, draft: OrderDraft, signal?: AbortSignal) => post<Preview>(`/api/devices/${mnSegment(mn)}/orders/preview`, draft, signal),
  order: (id: number, signal?: AbortSignal) => get<OrderDetail>(`/api/orders/${id}`, undefined, signal),
  cancelOrder: (id: number, name: string, reason: string) => post<Order>(`/api/orders/${id}/cancel`, { name, reason }),
  commands: (query: { dialect?: '2005' | '2017' | '2025'; sender?: 'host' | 'device' }, signal?: AbortSignal) => get<Command[]>('/api/commands', query, signal),
  parameters: (mn: string, signal?: AbortSignal) => get<ParameterReading[]>(`/api/devices/${mnSegment(mn)}/parameters`, undefined, signal),
  parameterHistory: (mn: string, query: { instrument?: string; parameter: string; limit?: number }, signal?: AbortSignal) =>
    get<ParameterReading[]>(`/api/devices/${mnSegment(mn)}/parameters/history`, query, signal),
  completeness: (mn: string, year: number, signal?: AbortSignal) => get<Completeness>(`/api/devices/${mnSegment(mn)}/completeness`, { year }, signal),
  deviations: (mn: string, signal?: AbortSignal) => get<DeviationCount[]>(`/api/devices/${mnSegment(mn)}/deviations`, undefined, signal),
  deviceEvents: (mn: string, query: { limit?: number }, signal?: AbortSignal) => get<DeviceEvent[]>(`/api/devices/${mnSegment(mn)}/events`, query, signal),
  changeProfile: (mn: string, change: ProfileChange) => post<DeviceDetail>(`/api/devices/${mnSegment(mn)}/profile`, change),
  addKey: (mn: string, entry: KeyEntry) => post<DeviceDetail>(`/api/devices/${mnSegment(mn)}/key`, entry),
  conformance: (signal?: AbortSignal) => get<Conformance>('/api/conformance', undefined, signal),
  system: (signal?: AbortSignal) => get<SystemState>('/api/system', undefined, signal),
  contract: (signal?: AbortSignal) => getText('/api/openapi.yaml', signal),
  evidence: (signal?: AbortSignal) => get<Evidence>('/api/evidence', undefined, signal),
  entries: (query: Page & { device?: string }, signal?: AbortSignal) => get<EntryLine[]>('/api/evidence/entries', { ...query }, signal),
  entry: (entry: number, signal?: AbortSignal) => get<EntryDetail>(`/api/evidence/entries/${entry}`, undefined, signal),
  consistency: (from: number, to: number, signal?: AbortSignal) => get<Consistency>('/api/evidence/consistency', { from, to }, signal),
  anchors: (limit: number, signal?: AbortSignal) => get<Anchor[]>('/api/evidence/anchors', { limit }, signal),
  anchorNow: () => post<Anchor>('/api/evidence/anchors', {}),
  rotateKeys: (name: string, reason: string) => post<Evidence>('/api/evidence/keys/rotate', { name, reason }),
  scrubNow: () => post<Evidence>('/api/evidence/scrub', {}),
  bundle: fetchBundle,
  trust: (signal?: AbortSignal) => getText('/trust', signal),
  statements: (mn: string, from: string, to: string, signal?: AbortSignal) => get<DayStatement[]>(`/api/devices/${mnSegment(mn)}/statements`, { from, to }, signal),
  explanations: (mn: string, signal?: AbortSignal) => get<Explanation[]>(`/api/devices/${mnSegment(mn)}/explanations`, undefined, signal),
  explainGap: (mn: string, gap: { from: string; to: string; name: string; reason: string }) => post<Explanation>(`/api/devices/${mnSegment(mn)}/explanations`, gap),
}
