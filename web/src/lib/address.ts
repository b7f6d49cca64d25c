import { useRoute, useRouter } from 'vue-router'

/** Changes of one turn of the page are made together: each would otherwise begin from an address without the others. */
let waiting: Record<string, string | undefined> | null = null

/** What is looked at stands in the address: parts of it by name, and a way to change some of them. */
export function useAddress() {
  const route = useRoute()
  const router = useRouter()
  return {
    text: (key: string): string => (typeof route.query[key] === 'string' ? (route.query[key] as string) : ''),
    /** An empty text takes a part away. */
    put: (parts: Record<string, string | undefined>): void => {
      if (waiting) {
        Object.assign(waiting, parts)
        return
      }
      waiting = { ...parts }
      queueMicrotask(() => {
        const query = { ...route.query }
        for (const [key, value] of Object.entries(waiting ?? {})) {
          if (value === undefined || value === '') delete query[key]
          else query[key] = value
        }
        waiting = null
        void router.replace({ query })
      })
    },
  }
}
