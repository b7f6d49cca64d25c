import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import { ApiError } from '@/api/client'

/** A question that is asked once and may take long: it can be ended, and asked again. */
export interface Asked<T> {
  data: ShallowRef<T | null>
  error: ShallowRef<ApiError | null>
  busy: Ref<boolean>
  /** True once the answer has taken 200 ms. */
  slow: Ref<boolean>
  /** It was ended before there was an answer. */
  stopped: Ref<boolean>
  again: () => void
  cancel: () => void
}

export function useAsk<T>(ask: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const data = shallowRef<T | null>(null)
  const error = shallowRef<ApiError | null>(null)
  const busy = ref(false)
  const slow = ref(false)
  const stopped = ref(false)
  let current: AbortController | null = null
  async function run(): Promise<void> {
    current?.abort()
    const mine = (current = new AbortController())
    busy.value = true
    stopped.value = false
    error.value = null
    const timer = window.setTimeout(() => {
      if (current === mine) slow.value = true
    }, 200)
    try {
      const answer = await ask(mine.signal)
      if (current === mine) data.value = answer
    } catch (problem) {
      if (current !== mine) return
      if (mine.signal.aborted) stopped.value = true
      else error.value = problem instanceof ApiError ? problem : new ApiError(0, 'client', String(problem))
    } finally {
      window.clearTimeout(timer)
      if (current === mine) busy.value = slow.value = false
    }
  }
  onScopeDispose(() => {
    current?.abort()
    current = null
  })
  void run()
  return { data, error, busy, slow, stopped, again: () => void run(), cancel: () => current?.abort() }
}
