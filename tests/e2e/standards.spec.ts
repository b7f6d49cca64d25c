import { ask, expect, test } from './watch'

interface Edition {
  id: string
  title: { zh: string }
  valid_from: string
  valid_to: string | null
  rows: number
  unverified: number
}
interface Row {
  cells: string[]
  clause: string
  verification: string
  origin: string
  replaced_by: string | null
}
interface Detail {
  edition: Edition
  tables: { kind: string; columns: string[]; rows: Row[] }[]
}
const detail = (id: string): string => `/api/standards/${encodeURIComponent(id)}`

test('the rule book lists every edition, and those in force on a day', async ({ page, request }) => {
  const { editions } = await ask<{ editions: Edition[] }>(request, '/api/standards')
  expect(editions.length).toBeGreaterThan(30)
  await page.goto('/standards')
  const list = page.getByRole('table', { name: '标准' })
  await expect(list).toHaveAttribute('aria-rowcount', String(editions.length))
  // The last day of the AQI of 2012 and the first of the one of 2026.
  for (const [day, inForce, ended] of [['2026-02-28', 'HJ 633-2012', 'HJ 633-2026'], ['2026-03-01', 'HJ 633-2026', 'HJ 633-2012']] as const) {
    await page.goto(`/standards?at=${day}`)
    await expect(list).toHaveAttribute('aria-rowcount', String(editions.filter((each) => each.valid_from <= day && (each.valid_to === null || each.valid_to >= day)).length))
    await expect(list.getByRole('link', { name: inForce, exact: true })).toBeVisible()
    await expect(list.getByRole('link', { name: ended, exact: true })).toHaveCount(0)
  }
})

test('figures nobody has checked are marked, and can be listed alone', async ({ page, request }) => {
  const { editions } = await ask<{ editions: Edition[] }>(request, '/api/standards')
  await page.goto('/standards')
  await page.getByRole('group', { name: '只看' }).getByRole('button', { name: '未核实' }).click()
  await expect(page).toHaveURL(/only=doubtful/)
  await expect(page.getByRole('table', { name: '标准' })).toHaveAttribute('aria-rowcount', String(editions.filter((each) => each.unverified > 0).length))
  const doubtful = editions.find((each) => each.unverified > 0)!
  const { tables } = await ask<Detail>(request, detail(doubtful.id))
  const table = tables.find((each) => each.rows.some((row) => row.verification === 'UNVERIFIED' && row.replaced_by === null))!
  await page.goto(`/standards/${encodeURIComponent(doubtful.id)}?table=${table.kind}&only=doubtful`)
  const marks = page.locator('tbody .tag', { hasText: '未核实' })
  await expect(marks.first()).toBeVisible()
  const rows = page.locator('main table[aria-rowcount]')
  await expect(rows).toHaveAttribute('aria-rowcount', String(table.rows.filter((row) => row.verification === 'UNVERIFIED' && row.replaced_by === null).length))
})

test('an edition shows its tables as they stand in the files, also one with a slash in its number', async ({ page, request }) => {
  const id = 'GB/T 14848-2017'
  const { tables } = await ask<Detail>(request, detail(id))
  await page.goto('/standards')
  await page.getByRole('table', { name: '标准' }).getByRole('link', { name: id, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(id)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(id)
  const [first] = tables[0]!.rows
  await expect(page.locator('main table[aria-rowcount]')).toHaveAttribute('aria-rowcount', String(tables[0]!.rows.length))
  const row = page.locator('tbody tr[data-at="0"]')
  for (const cell of [...first!.cells.filter((text) => text !== ''), first!.clause]) await expect(row).toContainText(cell)
})

test('a row that was searched for is found by its link, in the middle of its table', async ({ page, request }) => {
  await page.goto('/standards')
  await page.getByRole('searchbox', { name: '查找标准、因子、条款、限值' }).fill('GB 3095-2026 PM2.5 24h')
  const hits = page.getByRole('table', { name: '找到的行' })
  await hits.locator('tbody tr').first().click()
  await expect(page).toHaveURL(/\/standards\/GB(%20|\+)3095-2026\?.*row=/)
  const key = new URL(page.url()).searchParams.get('row')!
  const { tables } = await ask<Detail>(request, detail('GB 3095-2026'))
  const wanted = tables.flatMap((table) => table.rows).find((row) => row.origin.endsWith(`/${key}`))!
  expect(wanted.cells).toContain('PM2.5')
  await page.goto(page.url())
  const chosen = page.locator('tr[aria-selected=true]')
  await expect(chosen).toHaveCount(1)
  await expect(chosen).toBeInViewport()
  for (const cell of wanted.cells.filter((text) => text !== '')) await expect(chosen).toContainText(cell)
})

test('a standard that does not exist is said to be not found', async ({ page, quiet }) => {
  quiet.expected.push(/404/)
  await page.goto('/standards/GB%200-1900')
  await expect(page.getByRole('alert')).toContainText('没有找到')
})
