import { demand } from './bytes'
/** JSON as bundle.md §1 narrows it: integers in digits only (with a sign where it may be `negative`), no member name twice, no half of a
 * surrogate pair, at most 6 deep and 2^23 values. JSON.parse would take the last of two equal names in silence. */
export function parseJson(text: string, negative = false): unknown {
  const value: unknown = JSON.parse(text)
  const open: Set<string>[] = [] // names of the members of each object
  let [values, before] = [0, '']
  // The text is JSON by now, so these are its tokens.
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[^"\s,:[\]{}]+|[{}[\]:]/g)) {
    if (token === ':') {
      const [name, names] = [JSON.parse(before) as string, open.at(-1)!]
      // Names that every object has would pass for known ones.
      demand(!names.has(name) && !(name in Object.prototype), 'JSON: a member name stands twice in one object, or is unknown')
      names.add(name)
      values--
    } else if (token === '}' || token === ']') open.pop()
    else demand(++values <= 2 ** 23, 'JSON: more than 2^23 values')
    if (token === '{' || token === '[') demand(open.push(new Set()) <= 6, 'JSON: nested more than 6 deep')
    const number = !/^[-\d]/.test(token) || ((negative || token[0] !== '-') && /^-?(0|[1-9]\d{0,15})$/.test(token) && Number.isSafeInteger(Number(token)))
    demand(number, `JSON: ${token.slice(0, 32)} is no integer in digits below 2^53`)
    demand(!/^".*\\u[dD]/.test(token) || !/[\ud800-\udfff]/u.test(JSON.parse(token) as string), 'JSON: half of a surrogate pair')
    before = token
  }
  return value
}
