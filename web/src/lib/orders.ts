import type { Command, Order, OrderState, Step } from '@/api/client'

/** How a state is meant: a success, an end without the result that was wanted, a failure, or something under way. */
export function orderTone(state: OrderState): 'ok' | 'warn' | 'bad' | '' {
  if (state === 'done') return 'ok'
  if (state === 'refused' || state === 'failed' || state === 'timed_out') return 'bad'
  if (state === 'no_data' || state === 'interrupted' || state === 'expired') return 'warn'
  return ''
}

/** Of two looks at the same order the later one. An order that has ended does not open again. */
export function laterOrder(held: Order, arrived: Order): Order {
  if (held.open !== arrived.open) return held.open ? arrived : held
  return Date.parse(arrived.changed_at) >= Date.parse(held.changed_at) ? arrived : held
}

/** Newest first, one row per order, at most `keep`. */
export function mergeOrders(held: readonly Order[], arrived: readonly Order[], keep: number): Order[] {
  const byId = new Map<number, Order>()
  for (const order of [...held, ...arrived]) {
    const known = byId.get(order.id)
    byId.set(order.id, known ? laterOrder(known, order) : order)
  }
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, keep)
}

/** The commands a person can order: requests and notices of the host, no replies. */
export const canBeOrdered = (command: Pick<Command, 'sender' | 'kind'>): boolean =>
  command.sender === 'host' && (command.kind === 'request' || command.kind === 'notice')

/**
 * The table a device goes by. Commands of the surface-water profile stand before those of the edition with the same code, for they
 * mean something else there; they are no choice for other devices.
 */
export function commandsFor(commands: readonly Command[], surfaceWater: boolean): Command[] {
  const orderable = commands.filter(canBeOrdered)
  if (!surfaceWater) return orderable.filter((command) => !command.surface_water)
  const special = new Set(orderable.filter((command) => command.surface_water).map((command) => command.cn))
  return orderable.filter((command) => command.surface_water || !special.has(command.cn))
}

/** Parameters on one line, as they stand in a data area. */
export const parameterLine = (order: Pick<Order, 'parameters'>): string => order.parameters.map(({ name, value }) => `${name}=${value}`).join(', ')

export type StepItem = { kind: 'step'; step: Step } | { kind: 'run'; steps: Step[] }

/** The steps with long runs of data frames folded between the first and the last: a history brings hundreds of them. */
export function foldSteps(steps: readonly Step[], longest = 3): StepItem[] {
  const items: StepItem[] = []
  for (let at = 0; at < steps.length; ) {
    let end = at
    while (end < steps.length && steps[end]!.what === 'data') end += 1
    if (end - at > longest) {
      items.push({ kind: 'step', step: steps[at]! }, { kind: 'run', steps: steps.slice(at + 1, end - 1) }, { kind: 'step', step: steps[end - 1]! })
      at = end
    } else {
      items.push({ kind: 'step', step: steps[at]! })
      at += 1
    }
  }
  return items
}

/** Which of the two codes of the standard a step carries. */
export const codeName = (step: Pick<Step, 'what'>): string => (step.what === 'result' ? 'ExeRtn' : 'QnRtn')
