/** The independent verifier of bundles, loaded when it is first needed, and what it is told to trust. */
import { computed, ref } from 'vue'

import { api } from '@/api/client'
import { stored } from '@/stores/prefs'
import type { Ask, Told } from '@/workers/verifier'

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

type Waiting = { resolve: (verdict: Verdict) => void; reject: (error: Error) => void; onProgress: ((done: number, all: number) => void) | undefined }
const waiting = new Map<number, Waiting>()
let asked = 0
let worker: Worker | null = null
/** One thread for all bundles; when it dies of one, the next gets another. */
function thread(): Worker {
  if (worker) return worker
  const made = new Worker(new URL('../workers/verifier.ts', import.meta.url), { type: 'module' })
  made.onmessage = ({ data }: MessageEvent<Told>): void => {
    const one = waiting.get(data.id)
    if (!one) return
    if ('done' in data) return one.onProgress?.(data.done, data.all)
    waiting.delete(data.id)
    if ('verdict' in data) one.resolve(data.verdict)
    else one.reject(new Error(data.problem))
  }
  made.onerror = (event): void => {
    worker = null
    for (const one of waiting.values()) one.reject(new Error(event.message || 'the verifier could not be loaded'))
    waiting.clear()
  }
  return (worker = made)
}
/** Loads the verifier ahead of need, so that a file can be verified after the network is gone. */
export const preload = (): void => void thread()

export async function verify(bundle: Uint8Array | string, trust: string | undefined, onProgress?: (done: number, all: number) => void): Promise<Verdict> {
  // Tests run where there are no threads of a page.
  if (typeof Worker === 'undefined') return (await import('@verifier/index')).verifyBundle(bundle, trust, onProgress)
  return new Promise((resolve, reject) => {
    const ask: Ask = { id: ++asked, bundle, trust }
    waiting.set(ask.id, { resolve, reject, onProgress })
    thread().postMessage(ask)
  })
}
