import type { RegisterAttribute, RegisterKind } from '@/api/register'
import { missing } from './number'
import type { RecordNames } from './recordNames'
import { useWords } from './words'

/** How the values of attributes read, by the schema of the register. */
export function useRegisterWords(names: RecordNames) {
  const { t, te, name, list, zh } = useWords()
  function say(attribute: RegisterAttribute, text: string | undefined): string {
    if (text === undefined || text === '') return missing
    if (attribute.type === 'flag') return t(text === 'true' ? 'network.change.yes' : 'network.change.no')
    if (attribute.type === 'enum') return name(attribute.words.find(({ id }) => id === text)?.title) || text
    if (attribute.type === 'reference') return name(names.name(attribute.reference, text)) || text
    if (attribute.type === 'list') return list(text.split(','))
    return attribute.unit ? `${text}\u2009${attribute.unit}` : text
  }
  const action = (id: string): string => (te(`network.act.${id}`) ? t(`network.act.${id}`) : id)
  const element = (id: string): string => (te(`network.elements.${id}`) ? t(`network.elements.${id}`) : id)
  const titleOf = (kind: RegisterKind, key: string): string => name(kind.attributes.find((attribute) => attribute.key === key)?.title) || key
  return { t, te, name, list, zh, say, action, element, titleOf }
}
