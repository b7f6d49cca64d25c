/** Reads an OpenAPI document into what the page shows. Knows the parts this contract uses. */

export interface TypeText {
  text: string
  /** Name of the schema it leads to, if any. */
  schema: string | null
}
export interface Field {
  name: string
  required: boolean
  type: TypeText
  description: string
}
export interface Operation {
  id: string
  method: string
  path: string
  summary: string
  description: string
  parameters: (Field & { place: string })[]
  body: TypeText | null
  answers: { status: string; description: string; type: TypeText }[]
}
export interface Contract {
  title: string
  version: string
  description: string
  operations: Operation[]
  schemas: { name: string; description: string; type: TypeText; fields: Field[] }[]
}

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const object = (value: unknown): Json => (isObject(value) ? value : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
const plain = (markdown: string): string => markdown.replace(/\*\*|`/g, '')
/** A description that stands in one line or cell. */
const words = (value: unknown): string => plain(text(value).replace(/\s*\n\s*/g, ' '))

export function typeText(schema: unknown): TypeText {
  const s = object(schema)
  if (typeof s.$ref === 'string') {
    const name = s.$ref.split('/').pop()!
    return { text: name, schema: name }
  }
  const either = list(s.oneOf)
  if (either.length > 0) {
    const parts = either.map(typeText)
    return { text: parts.map((part) => part.text).join(' | '), schema: parts.find((part) => part.schema)?.schema ?? null }
  }
  if (s.type === 'array') {
    const item = typeText(s.items)
    return { text: `${item.text}[]`, schema: item.schema }
  }
  const values = list(s.enum)
  if (values.length > 0) return { text: values.map((value) => JSON.stringify(value)).join(' | '), schema: null }
  const types = Array.isArray(s.type) ? s.type.join(' | ') : text(s.type)
  const limits = [s.minimum !== undefined ? `≥ ${String(s.minimum)}` : '', s.maximum !== undefined ? `≤ ${String(s.maximum)}` : '', s.default !== undefined ? `= ${String(s.default)}` : '']
  if (isObject(s.additionalProperties)) return { text: `{ name: ${typeText(s.additionalProperties).text} }`, schema: null }
  return { text: [types || 'any', s.format ? `(${text(s.format)})` : '', ...limits].filter(Boolean).join(' '), schema: null }
}

export function readContract(document: object): Contract {
  const root = document as Json
  const components = object(root.components)
  // One level of references is all this contract uses for parameters and answers.
  const resolve = (value: unknown): Json => {
    const ref = object(value).$ref
    if (typeof ref !== 'string') return object(value)
    const [, , kind = '', name = ''] = ref.split('/')
    return object(object(components[kind])[name])
  }
  const content = (value: unknown): TypeText | null => {
    const [first] = Object.entries(object(object(value).content))
    if (!first) return null
    const type = typeText(object(first[1]).schema)
    return first[0] === 'application/json' ? type : { text: first[0], schema: null }
  }
  const fieldsOf = (schema: Json): Field[] => {
    const required = new Set(list(schema.required))
    return Object.entries(object(schema.properties)).map(([name, property]) => ({
      name, required: required.has(name), type: typeText(property), description: words(object(property).description),
    }))
  }
  const operations: Operation[] = []
  for (const [path, item] of Object.entries(object(root.paths))) {
    const shared = list(object(item).parameters)
    for (const method of ['get', 'post', 'put', 'delete']) {
      const operation = object(item)[method]
      if (!isObject(operation)) continue
      operations.push({
        id: text(operation.operationId), method: method.toUpperCase(), path, summary: text(operation.summary), description: text(operation.description),
        parameters: [...shared, ...list(operation.parameters)].map(resolve).map((parameter) => ({
          name: text(parameter.name), place: text(parameter.in), required: parameter.required === true, type: typeText(parameter.schema),
          description: words(parameter.description),
        })),
        body: content(operation.requestBody),
        answers: Object.entries(object(operation.responses)).map(([status, answer]) => {
          const resolved = resolve(answer)
          return { status, description: words(resolved.description), type: content(resolved) ?? { text: '', schema: null } }
        }),
      })
    }
  }
  const info = object(root.info)
  return {
    title: text(info.title), version: text(info.version), description: text(info.description), operations,
    schemas: Object.entries(object(components.schemas)).map(([name, schema]) => ({
      name, description: words(object(schema).description), type: typeText(schema), fields: fieldsOf(object(schema)),
    })),
  }
}

export type Block = { kind: 'text'; text: string } | { kind: 'list'; items: string[] } | { kind: 'table'; rows: string[][] }

/** Paragraphs, bullet lists and tables of the little Markdown that descriptions use. */
export function blocks(markdown: string): Block[] {
  return markdown
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): Block => {
      const rows = part.split('\n').map((line) => line.trim())
      if (rows[0]!.startsWith('* '))
        return {
          kind: 'list',
          items: part.split(/(?:^|\n)\s*\* /).map((item) => plain(item.replace(/\s*\n\s*/g, ' ').trim())).filter((item) => item !== ''),
        }
      if (rows[0]!.startsWith('|'))
        return {
          kind: 'table',
          rows: rows.filter((row) => !/^\|[-\s|]+\|$/.test(row)).map((row) => row.slice(1, -1).split('|').map((cell) => plain(cell.trim()))),
        }
      return { kind: 'text', text: plain(rows.join(' ')) }
    })
}
