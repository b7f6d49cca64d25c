/** The document that allows a change, who issued it and when, as a form holds it. */
export interface ApprovalForm {
  document: string
  authority: string
  date: string
}

const key = 'mingjian.approval'
const parts = ['document', 'authority', 'date'] as const

/** What a form says; null as long as a part is missing. */
export function approvalOf(form: ApprovalForm): ApprovalForm | null {
  const said = { document: form.document.trim(), authority: form.authority.trim(), date: form.date }
  return said.document && said.authority && said.date ? said : null
}
export const isEmpty = (form: ApprovalForm): boolean => parts.every((part) => form[part].trim() === '')

/** One document mostly allows several changes: the next form of this session of work begins with it. */
export function lastApproval(): ApprovalForm {
  const none = { document: '', authority: '', date: '' }
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Partial<ApprovalForm> | null
    return kept !== null && parts.every((part) => typeof kept[part] === 'string') ? { document: kept.document!, authority: kept.authority!, date: kept.date! } : none
  } catch {
    return none
  }
}
export function rememberApproval(approval: ApprovalForm | null): void {
  if (approval === null) return
  try {
    sessionStorage.setItem(key, JSON.stringify(approval))
  } catch {
    // It is typed again.
  }
}
