import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import { api, ApiError, type Alarm, type DeviceEvent, type Evidence, type FrameLine, type Ledger, type Order, type PointSummary, type SystemPulse } from '@/api/client'
import { mergeOrders } from '@/lib/orders'
import {
  initialConnection,
  mergeAlarms,
  mergeFrames,
  mergePoint,
  nextConnection,
  type Connection,
  type ConnectionEvent,
} from '@/lib/stream'
import { toMs } from '@/lib/time'

const keepFrames = 200
const keepAlarms = 50
const keepOrders = 100
const keepDeviceEvents = 100
const reopenAfterMs = 2_000
/** Events are put on the screen together this often, so that a busy server does not make the page busy. */
const flushEveryMs = 200

type Event =
  | { kind: 'frame'; data: FrameLine }
  | { kind: 'alarm'; data: Alarm }
  | { kind: 'point'; data: PointSummary }
  | { kind: 'order'; data: Order }
  | { kind: 'device'; data: DeviceEvent }
  | { kind: 'ledger'; data: Ledger }
  | { kind: 'evidence'; data: Evidence }
  | { kind: 'system'; data: SystemPulse }

/** What is known of the present, kept in step by server-sent events. */
export const useLive = defineStore('live', () => {
  const connection = ref<Connection>(initialConnection)
  const points = shallowRef<PointSummary[]>([])
  const alarms = shallowRef<Alarm[]>([])
  const frames = shallowRef<FrameLine[]>([])
  /** What the stream has told of orders and devices since this page was opened, newest first; screens lay it over what they fetched. */
  const orders = shallowRef<Order[]>([])
  const deviceEvents = shallowRef<DeviceEvent[]>([])
  const ledger = shallowRef<Ledger | null>(null)
  const evidence = shallowRef<Evidence | null>(null)
  const pulse = shallowRef<SystemPulse | null>(null)
  const loaded = ref(false)
  const error = shallowRef<ApiError | null>(null)
  const lastFrameMs = ref<number | null>(null)
  /** The server's clock, told to the second; ages are measured against it, not against this machine's. */
  const nowMs = ref(Date.now())
  let clockOffsetMs = 0

  let source: EventSource | null = null
  let queue: Event[] = []
  let flushTimer: number | undefined
  let reopenTimer: number | undefined
  let reloading: Promise<void> | null = null
  let reloadAgain = false

  function step(event: ConnectionEvent): void {
    const before = connection.value
    connection.value = nextConnection(before, event)
    if (connection.value.epoch !== before.epoch) void reload()
    if (connection.value.state === 'lost' && before.state === 'live') reopenLater()
  }

  function setClock(iso: string): void {
    const ms = toMs(iso)
    if (ms === null) return
    clockOffsetMs = ms - Date.now()
    nowMs.value = ms
  }

  function apply(events: Event[]): void {
    const arrivedFrames: FrameLine[] = []
    const arrivedAlarms: Alarm[] = []
    const arrivedOrders: Order[] = []
    const arrivedEvents: DeviceEvent[] = []
    for (const event of events) {
      if (event.kind === 'frame') arrivedFrames.push(event.data)
      else if (event.kind === 'alarm') arrivedAlarms.push(event.data)
      else if (event.kind === 'order') arrivedOrders.push(event.data)
      else if (event.kind === 'device') arrivedEvents.push(event.data)
      else if (event.kind === 'ledger') ledger.value = event.data
      else if (event.kind === 'evidence') evidence.value = event.data
      else if (event.kind === 'system') {
        pulse.value = event.data
        setClock(event.data.now)
      }
    }
    const changed = new Map<string, PointSummary>()
    for (const event of events) if (event.kind === 'point') changed.set(event.data.id, event.data)
    if (changed.size > 0) {
      const known = new Set(points.value.map((point) => point.id))
      let next = points.value.map((point) => changed.get(point.id) ?? point)
      for (const point of changed.values()) if (!known.has(point.id)) next = mergePoint(next, point)
      points.value = next
    }
    if (arrivedFrames.length > 0) {
      frames.value = mergeFrames(frames.value, arrivedFrames, keepFrames)
      noteFrames(arrivedFrames)
    }
    if (arrivedAlarms.length > 0) alarms.value = mergeAlarms(alarms.value, arrivedAlarms, keepAlarms)
    if (arrivedOrders.length > 0) orders.value = mergeOrders(orders.value, arrivedOrders, keepOrders)
    if (arrivedEvents.length > 0) deviceEvents.value = [...arrivedEvents.reverse(), ...deviceEvents.value].slice(0, keepDeviceEvents)
  }

  function noteFrames(lines: FrameLine[]): void {
    for (const line of lines) {
      const ms = toMs(line.received_at)
      if (ms !== null && ms > (lastFrameMs.value ?? 0)) lastFrameMs.value = ms
    }
  }

  function flush(): void {
    flushTimer = undefined
    // While a fetch is under way its answer may be older than what arrives: the events wait and are laid over it.
    if (reloading) return
    const events = queue
    queue = []
    apply(events)
  }

  function receive(event: Event): void {
    step({ kind: 'heard', atMs: Date.now() })
    queue.push(event)
    flushTimer ??= window.setTimeout(flush, flushEveryMs)
  }

  function reload(): Promise<void> {
    if (reloading) {
      reloadAgain = true
      return reloading
    }
    reloading = (async () => {
      do {
        reloadAgain = false
        try {
          const overview = await api.overview()
          setClock(overview.now)
          points.value = overview.points
          ledger.value = overview.ledger
          alarms.value = mergeAlarms([], overview.alarms, keepAlarms)
          frames.value = mergeFrames([], overview.frames, keepFrames)
          noteFrames(overview.frames)
          loaded.value = true
          error.value = null
        } catch (problem) {
          error.value = problem instanceof ApiError ? problem : new ApiError(0, 'client', String(problem))
        }
        // Every screen shows when a witness refuses the log; what keeps this from being asked is said by the evidence screen.
        await api.evidence().then(putEvidence, () => undefined)
      } while (reloadAgain)
    })().finally(() => {
      reloading = null
      flush()
    })
    return reloading
  }

  function open(): void {
    source?.close()
    const stream = new EventSource('/api/events')
    source = stream
    const listen = (kind: Event['kind']): void =>
      stream.addEventListener(kind, (message) => {
        try {
          receive({ kind, data: JSON.parse((message as MessageEvent<string>).data) as never })
        } catch {
          // One unreadable event must not stop the stream.
        }
      })
    for (const kind of ['frame', 'alarm', 'point', 'order', 'device', 'ledger', 'evidence', 'system'] as const) listen(kind)
    stream.onopen = () => step({ kind: 'opened', atMs: Date.now() })
    stream.onerror = () => {
      if (stream !== source) return
      step({ kind: 'failed', atMs: Date.now() })
      if (!loaded.value) void reload()
      // The browser tries again by itself, except after an answer that is not a stream.
      if (stream.readyState === EventSource.CLOSED) reopenLater()
    }
  }

  function reopenLater(): void {
    if (reopenTimer !== undefined) return
    reopenTimer = window.setTimeout(() => {
      reopenTimer = undefined
      if (connection.value.state !== 'live') open()
    }, reopenAfterMs)
  }

  let started = false
  function start(): void {
    if (started) return
    started = true
    open()
    window.setInterval(() => {
      nowMs.value = Date.now() + clockOffsetMs
      step({ kind: 'tick', atMs: Date.now() })
    }, 1000)
    window.addEventListener('beforeunload', () => source?.close())
  }

  /** After this client changed an alarm, without waiting for the event. */
  function put(alarm: Alarm): void {
    alarms.value = mergeAlarms(alarms.value, [alarm], keepAlarms)
  }
  /** After this client placed or cancelled an order, the same. */
  function putOrder(order: Order): void {
    orders.value = mergeOrders(orders.value, [order], keepOrders)
  }

  /** A screen has asked for the state of the evidence log. */
  function putEvidence(state: Evidence): void {
    evidence.value = state
  }

  const pointsById = computed(() => new Map(points.value.map((point) => [point.id, point])))
  const openAlarms = computed(() => points.value.filter((point) => point.alarm).length)

  return {
    connection, points, pointsById, alarms, frames, orders, deviceEvents, ledger, evidence, pulse, loaded, error, lastFrameMs, nowMs, openAlarms,
    start, reload, put, putOrder, putEvidence,
  }
})
