import { connect, createServer, type Server, type Socket } from 'node:net'

import { expect, test as base, type APIRequestContext } from '@playwright/test'

/** Every test also asserts that the page stayed silent and asked no other host for anything. */
export const test = base.extend<{ quiet: { expected: RegExp[]; hosts: string[] } }>({
  quiet: [
    async ({ page, baseURL }, use) => {
      const told: string[] = []
      const elsewhere: string[] = []
      const quiet = { expected: [] as RegExp[], hosts: [new URL(baseURL!).host] }
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') told.push(message.text())
      })
      page.on('pageerror', (error) => told.push(String(error)))
      page.on('request', (request) => {
        const url = new URL(request.url())
        if (url.protocol.startsWith('http') && !quiet.hosts.includes(url.host)) elsewhere.push(request.url())
      })
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

/** A wire between browser and server that a test can cut, silence and mend: bytes are passed on, or not. */
export class CutWire {
  private readonly sockets = new Set<Socket>()
  private broken = false
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(target: string): Promise<CutWire> {
    const { hostname, port } = new URL(target)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address() as { port: number }
    const wire = new CutWire(server, `http://127.0.0.1:${address.port}/`)
    server.on('connection', (near) => {
      if (wire.broken) {
        near.destroy()
        return
      }
      const far = connect(Number(port), hostname)
      for (const [from, to] of [[near, far], [far, near]] as const) {
        wire.sockets.add(from)
        from.pipe(to)
        from.on('error', () => to.destroy())
        from.on('close', () => {
          wire.sockets.delete(from)
          to.destroy()
        })
      }
    })
    return wire
  }

  /** Ends every connection and refuses new ones. */
  cut(): void {
    this.broken = true
    for (const socket of this.sockets) socket.destroy()
  }
  /** Keeps the connections open but passes nothing on. */
  silence(): void {
    for (const socket of this.sockets) {
      socket.unpipe()
      socket.pause()
    }
  }
  mend(): void {
    this.broken = false
  }
  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

/** CRC of HJ 212-2017 appendix A: the high byte takes the data byte, the low byte is dropped. */
function crc(segment: string): string {
  let value = 0xffff
  for (const byte of Buffer.from(segment)) {
    value = (value >> 8) ^ byte
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >> 1) ^ 0xa001 : value >> 1
  }
  return value.toString(16).toUpperCase().padStart(4, '0')
}

/** A connection that speaks for a device and answers nothing: what is sent to the device comes here while it goes on speaking. */
export class SilentDevice {
  private readonly socket: Socket
  private readonly timer: NodeJS.Timeout
  private heard = ''

  constructor(address: string, mn: string) {
    const [host = '', port = ''] = address.split(':')
    const segment = `QN=20260301140000000;ST=91;CN=9014;PW=123456;MN=${mn};Flag=4;CP=&&&&`
    this.socket = connect(Number(port), host)
    this.socket.on('data', (bytes) => (this.heard += bytes.toString()))
    this.socket.on('error', () => undefined)
    this.timer = setInterval(() => this.socket.write(`##${String(segment.length).padStart(4, '0')}${segment}${crc(segment)}\r\n`), 40)
  }
  hears(text: string): boolean {
    return this.heard.includes(text)
  }
  close(): void {
    clearInterval(this.timer)
    this.socket.destroy()
  }
}
