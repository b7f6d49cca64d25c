import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

import type { DeviceSummary, Name, OrderState, PointState } from '@/api/client'
import { useLive } from '@/stores/live'
import { usePrefs } from '@/stores/prefs'
import { districtInEnglish } from './districts'
import { gradeKey } from './grade'
import { reasonInChinese, reasonInEnglish } from './reasons'
import { age, toMs } from './time'

/** The words that depend on language and clock, for every screen. */
export function useWords() {
  const { t, te } = useI18n()
  const prefs = usePrefs()
  const live = useLive()
  const zh = computed(() => prefs.locale === 'zh')

  const name = (both: Name | undefined | null): string => (both ? (zh.value ? both.zh : both.en || both.zh) : '')
  const district = (both: Name | undefined): string => (!both ? '' : zh.value ? both.zh : both.en && both.en !== both.zh ? both.en : districtInEnglish(both.zh))
  const ago = (iso: string | null | undefined): string => {
    const ms = toMs(iso)
    if (ms === null) return ''
    const { unit, count } = age(ms, live.nowMs)
    return t(`age.${unit}`, { n: count }, count)
  }
  const grade = (state: Pick<PointState, 'scale' | 'grade'>): string => t(gradeKey(state))
  const kind = (key: string): string => (te(`kind.${key}`) ? t(`kind.${key}`) : key)
  const flag = (key: string): string => (te(`flag.${key}`) ? t(`flag.${key}`) : t('flag.other'))
  /** Why a figure of an evaluation is incomplete; undefined when nothing is said. */
  const because = (text: string | null | undefined): string | undefined => (text ? (zh.value ? reasonInChinese(text) : reasonInEnglish(text)) : undefined)
  const reason = (code: string): string => (te(`reason.${code}`) ? t(`reason.${code}`) : code)
  const command = (code: string): string => (te(`command.${code}`) ? t(`command.${code}`) : '')
  const dialect = (of: DeviceSummary['dialect'] | { name: string; surface_water: boolean }): string =>
    of.name === 'unknown' ? t('device.noDialect') : `${of.name === '2005' ? 'HJ/T' : 'HJ'} 212-${of.name}${of.surface_water ? ` · ${t('device.surfaceWater')}` : ''}`
  const orderState = (state: OrderState): string => t(`order.states.${state}`)
  const list = (items: readonly string[]): string => items.join(zh.value ? '、' : ', ')
  const step = (what: string): string => (te(`order.step.${what}`) ? t(`order.step.${what}`) : what)
  return { t, te, zh, name, district, ago, grade, kind, flag, reason, command, dialect, orderState, step, list, because }
}
