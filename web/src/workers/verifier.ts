/** The verifier in a thread of its own: however long a bundle takes, the page stays alive. */
import { verifyBundle } from '@verifier/index'

export interface Ask {
  id: number
  bundle: Uint8Array | string
  trust: string | undefined
}
export type Told = { id: number } & ({ done: number; all: number } | { verdict: ReturnType<typeof verifyBundle> } | { problem: string })

const tell = (told: Told): void => self.postMessage(told)
self.onmessage = ({ data: { id, bundle, trust } }: MessageEvent<Ask>): void => {
  try {
    tell({ id, verdict: verifyBundle(bundle, trust, (done, all) => tell({ id, done, all })) })
  } catch (error) {
    tell({ id, problem: error instanceof Error ? error.message : String(error) })
  }
}
