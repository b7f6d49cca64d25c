/** The rooms of the navigation rail, in order. A room stands in it only when there is a screen for it. */
import type { IconName } from '@/components/MjIcon.vue'

export interface Room {
  to: string
  icon: IconName
  /** Key of its word in the dictionaries. */
  word: string
}
export interface Group {
  key: string
  icon: IconName
  word: string
  rooms: Room[]
}
export type RailItem = Room | Group

export const isGroup = (item: RailItem): item is Group => 'rooms' in item

export const elementPages = ['air', 'water', 'soil', 'noise', 'radiation', 'ecology', 'sources'] as const

const all: RailItem[] = [
  { to: '/', icon: 'overview', word: 'nav.overview' },
  { key: 'elements', icon: 'elements', word: 'nav.elements', rooms: elementPages.map((page) => ({ to: `/elements/${page}`, icon: page, word: `nav.element.${page}` })) },
  {
    key: 'data', icon: 'points', word: 'nav.data',
    rooms: [
      { to: '/points', icon: 'points', word: 'nav.points' },
      { to: '/devices', icon: 'devices', word: 'nav.devices' },
      { to: '/conformance', icon: 'conformance', word: 'nav.conformance' },
    ],
  },
  { to: '/network', icon: 'network', word: 'nav.network' },
  { to: '/analysis', icon: 'analysis', word: 'nav.analysis' },
  { to: '/alarms', icon: 'alarms', word: 'nav.alarms' },
  { to: '/evidence', icon: 'evidence', word: 'nav.evidence' },
  { to: '/standards', icon: 'standards', word: 'nav.standards' },
  { to: '/system', icon: 'system', word: 'nav.system' },
  { to: '/api/docs', icon: 'docs', word: 'nav.docs' },
]

/** What the rail shows when `exists` tells which addresses have a screen; a group without rooms is left out. */
export function railItems(exists: (path: string) => boolean): RailItem[] {
  return all.flatMap<RailItem>((item) => {
    if (!isGroup(item)) return exists(item.to) ? [item] : []
    const rooms = item.rooms.filter((room) => exists(room.to))
    return rooms.length > 0 ? [{ ...item, rooms }] : []
  })
}

/** Whether the screen at `path` belongs to the room. */
export function inRoom(to: string, path: string): boolean {
  if (to === '/') return path === '/'
  return path === to || path.startsWith(`${to}/`) || (to === '/system' && path.startsWith('/frames'))
}
