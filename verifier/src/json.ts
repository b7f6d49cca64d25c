import { demand } from './bytes'

/**
 * JSON as bundle.md §1 narrows it: integers in digits only, no member name twice, no half of a surrogate pair, at most 6 deep and
 * 2^23 values. JSON.parse would take the last of two equal names in silence, so the colons outside strings are counted against the
 * members of the result.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  let [colons, members, depth, values] = [0, 0, 0, 0]
  // The text is JSON by now, so these are its tokens.
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[^\s,\]}]*|[{}[\]:]/g)) {
    if (token === ':') colons++
    else if (token === '{' || token === '[') demand(++depth <= 6, 'JSON: nested more than 6 deep')
    else if (token === '}' || token === ']') depth--
    else if (!token.startsWith('"')) {
      const plain = /^(0|[1-9]\d{0,15})$/.test(token) && Number.isSafeInteger(Number(token))
      demand(plain, `JSON: ${token.slice(0, 32)} is no integer in digits below 2^53`)
    } else if (/\\u[dD]/.test(token)) {
      demand(!/[\ud800-\udfff]/u.test(JSON.parse(token) as string), 'JSON: half of a surrogate pair')
    }
  }
  const count = (node: unknown): void => {
    demand(++values <= 2 ** 23, 'JSON: more than 2^23 values')
    if (typeof node !== 'object' || node === null) return
    const names = Array.isArray(node) ? [] : Object.keys(node)
    // Names that every object has would pass for known ones.
    demand(!names.some((name) => name in Object.prototype), 'JSON: an unknown member name')
    members += names.length
    Object.values(node).forEach(count)
  }
  count(value)
  demand(members === colons, 'JSON: a member name stands twice in one object')
  return value
}
