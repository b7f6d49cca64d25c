import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'

import { ApiError } from '@/api/client'
import { useLive } from '@/stores/live'

/** A list fetched page by page, newest first. */
export interface Pages<T> {
  rows: ShallowRef<T[]>
  error: ShallowRef<ApiError | null>
  slow: Ref<boolean>
  busy: Ref<boolean>
  /** The last page was full: there may be older rows. */
  more: Ref<boolean>
  loaded: Ref<boolean>
  older: () => void
  reload: () => void
}

export function usePages<T>(
  ask: (before: number | undefined, limit: number, signal: AbortSignal) => Promise<T[]>,
  idOf: (row: T) => number,
  inputs: WatchSource[] = [],
  limit = 50,
): Pages<T> {
  const live = useLive()
  const rows = shallowRef<T[]>([])
  const error = shallowRef<ApiError | null>(null)
  const slow = ref(false)
  const busy = ref(false)
  const more = ref(false)
  const loaded = ref(false)
  let current: AbortController | null = null

  async function run(before: number | undefined, keep: boolean): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    busy.value = true
    const timer = window.setTimeout(() => {
      if (current === mine) slow.value = true
    }, 200)
    try {
      const page = await ask(before, limit, mine.signal)
      if (current !== mine) return
      rows.value = keep ? [...rows.value, ...page] : page
      more.value = page.length === limit
      loaded.value = true
      error.value = null
    } catch (problem) {
      if (current !== mine || mine.signal.aborted) return
      error.value = problem instanceof ApiError ? problem : new ApiError(0, 'client', String(problem))
    } finally {
      window.clearTimeout(timer)
      if (current === mine) {
        busy.value = false
        slow.value = false
      }
    }
  }
  const reload = (): void => void run(undefined, false)
  const older = (): void => {
    const last = rows.value.at(-1)
    if (last && !busy.value) void run(idOf(last), true)
  }
  if (inputs.length > 0)
    watch(inputs, () => {
      rows.value = []
      loaded.value = false
      reload()
    })
  watch(
    () => live.connection.epoch,
    (now, before) => {
      if (before > 0 && now > before) reload()
    },
  )
  onScopeDispose(() => current?.abort())
  reload()
  return { rows, error, slow, busy, more, loaded, older, reload }
}
