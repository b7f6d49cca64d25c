/** The independent verifier of bundles, loaded when it is first needed, and what it is told to trust. */
import { computed, ref } from 'vue'

import { api } from '@/api/client'
import { stored } from '@/stores/prefs'

export type Outcome = 'passed' | 'failed' | 'absent'
export interface Check {
  id: string
  outcome: Outcome
  text: string
}
export interface Verdict {
  ok: boolean
  /** The keys came from a trust file, not from the bundle. */
  trusted: boolean
  subject: string
  value: string
  checks: Check[]
}

/** Where the keys come from that a bundle is held against. */
export const trustSources = ['own', 'server', 'bundle'] as const
export type TrustSource = (typeof trustSources)[number]

const own = stored('mingjian.trust', '', (value): value is string => typeof value === 'string')
const chosen = ref<TrustSource | null>(null)

/** A trust file that the user brought stays in this browser and comes before the one that the server gives. */
export function useTrust() {
  const source = computed<TrustSource>({
    get: () => chosen.value ?? (own.value.trim() === '' ? 'server' : 'own'),
    set: (value) => (chosen.value = value),
  })
  async function text(signal?: AbortSignal): Promise<string | undefined> {
    if (source.value === 'bundle') return undefined
    return source.value === 'own' && own.value.trim() !== '' ? own.value : api.trust(signal)
  }
  return { own, source, text }
}

const load = () => import('@verifier/index')
/** Loads the verifier ahead of need, so that a file can be verified after the network is gone. */
export const preload = (): void => void load().catch(() => undefined)

export async function verify(bundle: Uint8Array | string, trust: string | undefined, onProgress?: (done: number, all: number) => void): Promise<Verdict> {
  const { verifyBundle } = await load()
  return verifyBundle(bundle, trust, onProgress)
}
