import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'

import { ApiError } from '@/api/client'

/** Who acts, and why; both are recorded. What is typed survives a reload until the act is done. */
export interface Author {
  who: Ref<string>
  why: Ref<string>
  /** The act was asked for while something was missing. */
  tried: Ref<boolean>
  complete: ComputedRef<boolean>
  sending: Ref<boolean>
  problem: Ref<ApiError | null>
  /** Does the act once, when both are given; remembers the name and forgets the draft when it succeeded. */
  act: <T>(what: (name: string, reason: string) => Promise<T>) => Promise<T | undefined>
}

const nameKey = 'mingjian.name'

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null')
  } catch {
    return null
  }
}
function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // It lasts for this visit only.
  }
}
function lastName(): string {
  try {
    return localStorage.getItem(nameKey) ?? ''
  } catch {
    return ''
  }
}

/** `draftKey` names the act; the draft is another one when it changes. */
export function useAuthor(draftKey: () => string): Author {
  const who = ref('')
  const why = ref('')
  const tried = ref(false)
  const sending = ref(false)
  const problem = ref<ApiError | null>(null)
  const complete = computed(() => who.value.trim() !== '' && why.value.trim() !== '')

  watch(
    draftKey,
    (key) => {
      const draft = read(key) as { who?: unknown; why?: unknown } | null
      tried.value = false
      problem.value = null
      who.value = typeof draft?.who === 'string' ? draft.who : lastName()
      why.value = typeof draft?.why === 'string' ? draft.why : ''
    },
    { immediate: true },
  )
  watch([who, why], () => write(draftKey(), who.value === '' && why.value === '' ? null : JSON.stringify({ who: who.value, why: why.value })))

  async function act<T>(what: (name: string, reason: string) => Promise<T>): Promise<T | undefined> {
    tried.value = true
    if (!complete.value || sending.value) return undefined
    sending.value = true
    problem.value = null
    try {
      const done = await what(who.value.trim(), why.value.trim())
      write(nameKey, who.value.trim())
      write(draftKey(), null)
      tried.value = false
      return done
    } catch (error) {
      problem.value = error instanceof ApiError ? error : new ApiError(0, 'client', String(error))
      return undefined
    } finally {
      sending.value = false
    }
  }
  return { who, why, tried, complete, sending, problem, act }
}
