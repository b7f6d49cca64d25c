import { computed, type ComputedRef, type Ref } from 'vue'

import type { ApiError } from '@/api/client'
import { register } from '@/api/register'
import { riverShapes } from './regionShapes'
import { useRequest } from './request'
import { useShapes, type MapShape } from './shapes'

/** The ground under the points of the register: its regions of the finest level, and its rivers or, while it has none with a shape, those of the shipped base map. */
export function useBaseMap(asOf: () => string | undefined): { regions: ComputedRef<MapShape[]>; rivers: ComputedRef<MapShape[]>; loaded: ComputedRef<boolean>; error: Ref<ApiError | null>; reload: () => void } {
  const request = useRequest(
    async (signal) => {
      const [regions, rivers] = await Promise.all([register.geometry('region', asOf(), signal), register.geometry('river', asOf(), signal)])
      const shipped = rivers.features.length > 0 ? [] : (await riverShapes(signal)).features
      return { regions, rivers, shipped: shipped.map((feature, at) => ({ id: `shipped-${at}`, name: '', geometry: feature.geometry })) }
    },
    [asOf],
  )
  const regions = useShapes(() => request.data.value?.regions ?? null, true)
  const own = useShapes(() => request.data.value?.rivers ?? null)
  return {
    regions,
    rivers: computed(() => (own.value.length > 0 ? own.value : (request.data.value?.shipped ?? []))),
    loaded: computed(() => request.data.value !== null),
    error: request.error,
    reload: request.reload,
  }
}
