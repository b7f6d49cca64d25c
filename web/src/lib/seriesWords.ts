import type { StatisticsCatalogue } from '@/api/analysis'
import type { RegisterRecord } from '@/api/register'
import { recordName } from './register'
import { useWords } from './words'

/** What a series of the correlation is called: `air:a34004:district/500103` → "PM2.5 · Yuzhong". */
export function useSeriesWords(elements: () => StatisticsCatalogue['elements'], regions: () => readonly RegisterRecord[], points: () => readonly RegisterRecord[]) {
  const { t, name } = useWords()
  function word(id: string): string {
    const [element = '', factor = '', subject = ''] = id.split(':')
    const of = elements().find((each) => each.element === element)
    const factorName = name(of?.factors.find(({ code }) => code === factor)?.name) || factor
    if (subject === 'all') return `${factorName} · ${t('analysis.groups.all')}`
    const [kind = '', ...rest] = subject.split('/')
    const key = rest.join('/')
    const record = (kind === 'point' ? points() : regions()).find((each) => each.id === key)
    return `${factorName} · ${record ? name(recordName(record)) : key}`
  }
  return { word }
}
