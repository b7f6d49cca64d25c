export interface Placed<T> {
  item: T
  x: number
  y: number
}

export interface Cluster<T> {
  x: number
  y: number
  items: T[]
}

/** Groups what falls into the same square of a grid of `cell` pixels; a group stands at the mean of its members. */
export function cluster<T>(placed: readonly Placed<T>[], cell: number): Cluster<T>[] {
  const groups = new Map<string, Cluster<T>>()
  for (const { item, x, y } of placed) {
    const key = `${Math.floor(x / cell)}/${Math.floor(y / cell)}`
    const group = groups.get(key)
    if (group) {
      const n = group.items.push(item)
      group.x += (x - group.x) / n
      group.y += (y - group.y) / n
    } else {
      groups.set(key, { x, y, items: [item] })
    }
  }
  return [...groups.values()]
}
