import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'

import { ApiError } from '@/api/client'
import { useLive } from '@/stores/live'

/** A question to the server that a screen keeps asking as its inputs change. */
export interface Request<T> {
  data: ShallowRef<T | null>
  error: ShallowRef<ApiError | null>
  /** True only once the answer has taken 200 ms: shorter waits show nothing. */
  slow: Ref<boolean>
  busy: Ref<boolean>
  reload: () => void
}

const skeletonAfterMs = 200

/**
 * Asks at once, again when `inputs` change, and again when a lost connection came back. An answer that was overtaken is
 * dropped. Old data stay on the screen while the same inputs are asked again; `clear` empties them when the inputs change.
 */
export function useRequest<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  inputs: WatchSource[] = [],
  options: { clear?: boolean } = {},
): Request<T> {
  const live = useLive()
  const data = shallowRef<T | null>(null)
  const error = shallowRef<ApiError | null>(null)
  const slow = ref(false)
  const busy = ref(false)
  let current: AbortController | null = null

  async function run(): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    busy.value = true
    const timer = window.setTimeout(() => {
      if (current === mine) slow.value = true
    }, skeletonAfterMs)
    try {
      const answer = await ask(mine.signal)
      if (current !== mine) return
      data.value = answer
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

  if (inputs.length > 0)
    watch(inputs, () => {
      if (options.clear) {
        data.value = null
        error.value = null
      }
      void run()
    })
  watch(
    () => live.connection.epoch,
    (now, before) => {
      if (before > 0 && now > before) void run()
    },
  )
  onScopeDispose(() => current?.abort())
  void run()
  return { data, error, slow, busy, reload: () => void run() }
}
