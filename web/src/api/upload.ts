import { ApiError, withQuery, type Query } from './client'

/** How much of a body has gone out. */
export type OnSent = (sent: number, all: number) => void

/**
 * Sends the bytes of a file as the body; unlike fetch, XMLHttpRequest tells how much has gone out. Errors as those of every other
 * call: ApiError, and an AbortError when `signal` ends it.
 */
export function upload<T>(path: string, query: Query, body: Blob, signal?: AbortSignal, onSent?: OnSent): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = (): void => request.abort()
    const ended = (): void => signal?.removeEventListener('abort', stop)
    request.open('POST', withQuery(path, query))
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('accept', 'application/json')
    request.upload.onprogress = (event) => onSent?.(event.loaded, event.total)
    request.onload = () => {
      ended()
      let answer: unknown
      try {
        answer = JSON.parse(request.responseText)
      } catch {
        // A proxy answered: the status has to do.
      }
      if (request.status >= 200 && request.status < 300 && answer !== undefined) return resolve(answer as T)
      const told = (answer as { error?: { code?: string; text?: string } } | undefined)?.error
      reject(new ApiError(request.status, told?.code ?? `http_${request.status}`, told?.text ?? ''))
    }
    request.onerror = () => {
      ended()
      reject(new ApiError(0, 'unreachable', ''))
    }
    request.onabort = () => {
      ended()
      reject(new DOMException('', 'AbortError'))
    }
    if (signal?.aborted) return reject(new DOMException('', 'AbortError'))
    signal?.addEventListener('abort', stop)
    request.send(body)
  })
}
