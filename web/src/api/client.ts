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

type Query = Record<string, string | number | undefined>

function withQuery(path: string, query?: Query): string {
  const pairs = Object.entries(query ?? {}).filter((pair): pair is [string, string | number] => pair[1] !== undefined)
  if (pairs.length === 0) return path
  return `${path}?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()}`
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
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
  return (await answer.json()) as T
}

const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  send<T>(withQuery(path, query), { headers: { accept: 'application/json' }, signal: signal ?? null })

const segment = encodeURIComponent

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
  frames: (query: Page & { disposition?: Disposition }, signal?: AbortSignal) =>
    get<FrameLine[]>('/api/frames', { ...query }, signal),
  frame: (entry: number, signal?: AbortSignal) => get<FrameDetail>(`/api/frames/${entry}`, undefined, signal),
  proof: (entry: number, signal?: AbortSignal) => get<Proof>(`/api/frames/${entry}/proof`, undefined, signal),
  alarms: (query: Page & { state?: 'open' | 'cleared' | 'all' }, signal?: AbortSignal) =>
    get<Alarm[]>('/api/alarms', { ...query }, signal),
  acknowledge: (id: number, name: string, reason: string) =>
    send<Alarm>(`/api/alarms/${id}/acknowledge`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ name, reason }),
    }),
  system: (signal?: AbortSignal) => get<SystemState>('/api/system', undefined, signal),
  contract: async (signal?: AbortSignal): Promise<string> => {
    const answer = await fetch('/api/openapi.yaml', { signal: signal ?? null }).catch(() => undefined)
    if (!answer?.ok) throw new ApiError(answer?.status ?? 0, answer ? `http_${answer.status}` : 'unreachable', '')
    return answer.text()
  },
}
