import { expect, test as base, type APIRequestContext } from '@playwright/test'

/** Every test also asserts that the page stayed silent and asked no other host for anything. */
export const test = base.extend<{ quiet: { expected: RegExp[] } }>({
  quiet: [
    async ({ page, baseURL }, use) => {
      const told: string[] = []
      const elsewhere: string[] = []
      const own = new URL(baseURL!).host
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') told.push(message.text())
      })
      page.on('pageerror', (error) => told.push(String(error)))
      page.on('request', (request) => {
        const url = new URL(request.url())
        if (url.protocol.startsWith('http') && url.host !== own) elsewhere.push(request.url())
      })
      const quiet = { expected: [] as RegExp[] }
      await use(quiet)
      expect(elsewhere, 'requests to other hosts').toEqual([])
      expect(told.filter((text) => !quiet.expected.some((pattern) => pattern.test(text))), 'messages on the console').toEqual([])
    },
    { auto: true },
  ],
})
export { expect }

export interface Point {
  id: string
  name: { zh: string; en: string }
  last_at: string | null
}
export interface Alarm {
  id: number
  state: string
  acknowledged: unknown
}

export async function ask<T>(request: APIRequestContext, path: string): Promise<T> {
  const answer = await request.get(path)
  expect(answer.ok(), `${path} answers ${answer.status()}`).toBe(true)
  return (await answer.json()) as T
}

/** A point that has values: the first of `/api/points` with data. */
export async function livePoint(request: APIRequestContext): Promise<Point> {
  let found: Point | undefined
  await expect
    .poll(async () => (found = (await ask<Point[]>(request, '/api/points')).find((point) => point.last_at !== null)), { timeout: 30_000 })
    .toBeTruthy()
  return found!
}

/** A frame that produced observations. */
export async function storedFrame(request: APIRequestContext): Promise<number> {
  let entry = -1
  await expect
    .poll(
      async () => {
        const lines = await ask<{ entry: number; observations: number }[]>(request, '/api/frames?disposition=stored&limit=100')
        entry = lines.find((line) => line.observations > 0)?.entry ?? -1
        return entry
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThanOrEqual(0)
  return entry
}
