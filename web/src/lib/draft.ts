import { reactive, watch } from 'vue'

/** A form whose content survives a reload until `forget`; kept in this browser. A draft of another shape is not taken. */
export function useDraft<T extends object>(key: string, initial: T) {
  let start = initial
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<T> | null
    if (kept !== null && typeof kept === 'object' && Object.keys(initial).every((each) => typeof kept[each as keyof T] === typeof initial[each as keyof T])) start = { ...initial, ...kept }
  } catch {
    // It begins anew.
  }
  const state = reactive({ value: start }) as { value: T }
  let forgotten = false
  watch(
    () => state.value,
    (value) => {
      if (forgotten) return
      try {
        localStorage.setItem(key, JSON.stringify(value))
      } catch {
        // It lasts for this visit only.
      }
    },
    { deep: true },
  )
  return Object.assign(state, {
    forget(): void {
      forgotten = true
      try {
        localStorage.removeItem(key)
      } catch {
        // There was nothing kept.
      }
    },
  })
}
