import { defineStore } from 'pinia'
import { ref, watch, type Ref } from 'vue'

export type Theme = 'light' | 'dark'
export type Locale = 'zh' | 'en'

/** A value kept in the browser. Storage may be forbidden or hold anything: then the given value stands. */
export function stored<T>(key: string, initial: T, accept: (value: unknown) => value is T): Ref<T> {
  let start = initial
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    if (accept(value)) start = value
  } catch {
    // Keep the initial value.
  }
  const kept = ref(start) as Ref<T>
  watch(
    kept,
    (value) => {
      try {
        localStorage.setItem(key, JSON.stringify(value))
      } catch {
        // It lasts for this visit only.
      }
    },
    { deep: true },
  )
  return kept
}

const isTheme = (value: unknown): value is Theme => value === 'light' || value === 'dark'
const isLocale = (value: unknown): value is Locale => value === 'zh' || value === 'en'
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'

export const usePrefs = defineStore('prefs', () => {
  const theme = stored<Theme>('mingjian.theme', 'light', isTheme)
  const locale = stored<Locale>('mingjian.locale', 'zh', isLocale)
  const narrowRail = stored('mingjian.rail', false, isBoolean)
  watch(theme, (value) => document.documentElement.classList.toggle('dark', value === 'dark'), { immediate: true })
  watch(locale, (value) => document.documentElement.setAttribute('lang', value === 'zh' ? 'zh-CN' : 'en'), { immediate: true })
  return { theme, locale, narrowRail }
})
