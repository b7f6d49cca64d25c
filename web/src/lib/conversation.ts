import { computed, watch, type ComputedRef } from 'vue'

import { api, type Order, type OrderDetail } from '@/api/client'
import { useLive } from '@/stores/live'
import { laterOrder } from './orders'
import { useRequest, type Request } from './request'

export interface Conversation {
  request: Request<OrderDetail | null>
  /** The order as last told, by the answer or by the stream. */
  order: ComputedRef<Order | null>
}

/** An order followed live: its steps are fetched again whenever the stream tells that it went on. */
export function useConversation(id: () => number | null): Conversation {
  const live = useLive()
  const request = useRequest(
    async (signal) => {
      const wanted = id()
      return wanted === null ? null : api.order(wanted, signal)
    },
    [id],
    { clear: true },
  )
  const told = computed(() => live.orders.find((order) => order.id === id()) ?? null)
  watch(
    () => told.value && `${told.value.id} ${told.value.changed_at} ${told.value.state} ${told.value.attempts} ${told.value.data_frames}`,
    (now, before) => {
      if (now !== null && now !== before) request.reload()
    },
  )
  const order = computed(() => {
    const fetched = request.data.value?.order ?? null
    return fetched && told.value ? laterOrder(fetched, told.value) : (fetched ?? told.value)
  })
  return { request, order }
}
