/** What an element page shows, kept in its address, so that a view can be sent to a colleague and lives through a reload. */
import { computed, type ComputedRef, type Ref, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import type { EvaluatedElement, Indicator, Level } from '@/api/evaluation'
import { useLive } from '@/stores/live'
import { elementsOf, elementViews, firstPeriod, indicatorsOf, levelsOf, newestOf, periodsOf, type ElementPage, type ElementView } from './evaluation'
import { convert, evaluationPeriods, nameOf, startOf, type EvaluationPeriod } from './periods'

/** A figure that is looked at: whose, when, which. */
export interface Opened {
  subject: string
  period: EvaluationPeriod
  at: string
  /** null: the first indicator of the period. */
  indicator: string | null
}

/** `500109~month~2026-03~so2` and back; null for anything else. */
export const openedText = (opened: Opened): string => [opened.subject, opened.period, opened.at, opened.indicator ?? ''].join('~')
export function parseOpened(text: string): Opened | null {
  const parts = text.split('~')
  const [period, at, indicator] = parts.slice(-3)
  const subject = parts.slice(0, -3).join('~')
  const known = evaluationPeriods.find((each) => each === period)
  if (!subject || !known || at === undefined || startOf(known, at) === null) return null
  return { subject, period: known, at, indicator: indicator || null }
}

export interface ElementState {
  /** The elements of the page that are evaluated. */
  own: ComputedRef<EvaluatedElement[]>
  element: ComputedRef<EvaluatedElement | null>
  view: WritableComputedRef<ElementView>
  period: WritableComputedRef<EvaluationPeriod>
  at: WritableComputedRef<string>
  level: WritableComputedRef<Level>
  indicator: ComputedRef<Indicator | null>
  subject: WritableComputedRef<string | null>
  hidden: WritableComputedRef<string[]>
  opened: ComputedRef<Opened | null>
  open: (opened: Opened | null) => void
  put: (query: Record<string, string | undefined>) => void
}

/** `begin` and `beginLevel`: where to start when the address names no period and no level; null while that is not known. */
export function useElementState(page: Ref<ElementPage>, elements: Ref<EvaluatedElement[] | null>, begin: Ref<string | null>, beginLevel: Ref<Level | null>): ElementState {
  const route = useRoute()
  const router = useRouter()
  const live = useLive()
  const text = (key: string): string | null => (typeof route.query[key] === 'string' && route.query[key] !== '' ? (route.query[key] as string) : null)
  const put = (query: Record<string, string | undefined>): void => void router.replace({ query: { ...route.query, ...query } })

  const own = computed(() => elementsOf(page.value, elements.value ?? []))
  const element = computed(() => own.value.find((each) => each.element === text('element')) ?? own.value[0] ?? null)
  const view = computed<ElementView>({
    get: () => elementViews.find((each) => each === text('view')) ?? 'map',
    set: (value) => put({ view: value === 'map' ? undefined : value, open: undefined }),
  })
  const notAfter = (): number => {
    const newest = element.value?.newest ? Date.parse(element.value.newest) : NaN
    return Number.isNaN(newest) ? live.nowMs || Date.now() : newest
  }
  const period = computed<EvaluationPeriod>({
    get: () => {
      const wanted = evaluationPeriods.find((each) => each === text('period'))
      if (!element.value) return wanted ?? 'day'
      return wanted && periodsOf(element.value).includes(wanted) ? wanted : firstPeriod(element.value)
    },
    set: (value) => put({ period: value, at: text('at') ? convert(period.value, at.value, value, notAfter()) : undefined, open: undefined }),
  })
  const at = computed<string>({
    get: () => {
      const wanted = text('at')
      if (wanted && startOf(period.value, wanted) !== null) return wanted
      if (begin.value !== null && startOf(period.value, begin.value) !== null) return begin.value
      return (element.value && newestOf(element.value, period.value)) ?? nameOf(period.value, notAfter())
    },
    set: (value) => put({ at: value, open: undefined }),
  })
  const level = computed<Level>({
    get: () => {
      const levels = element.value ? levelsOf(element.value, period.value) : []
      return levels.find((each) => each === text('level')) ?? levels.find((each) => each === beginLevel.value) ?? levels.find((each) => each !== 'point') ?? levels[0] ?? 'point'
    },
    set: (value) => put({ level: value, open: undefined }),
  })
  const indicator = computed<Indicator | null>(() => {
    if (!element.value) return null
    const own = indicatorsOf(element.value, period.value)
    return own.find((each) => each.id === text('indicator')) ?? own[0] ?? null
  })
  const subject = computed<string | null>({ get: () => text('subject'), set: (value) => put({ subject: value ?? undefined, open: undefined }) })
  const hidden = computed<string[]>({
    get: () => (text('hide') ?? '').split(',').filter((each) => each !== ''),
    set: (value) => put({ hide: value.length > 0 ? value.join(',') : undefined }),
  })
  const opened = computed(() => parseOpened(text('open') ?? ''))
  const open = (next: Opened | null): void => {
    const query = { ...route.query, open: next ? openedText(next) : undefined }
    // From one figure to its inputs and back is a way to go, not one place.
    if (next && opened.value) void router.push({ query })
    else void router.replace({ query })
  }
  return { own, element, view, period, at, level, indicator, subject, hidden, opened, open, put }
}
