import type { Page } from '@playwright/test'

import { ask, expect, test } from './watch'

interface Catalogue {
  elements: { element: string; name: { zh: string }; factors: { code: string; name: { zh: string }; newest: string }[] }[]
}

/** An element and factor that have values, and the days around the newest of them. */
async function known(request: Parameters<typeof ask>[0]): Promise<{ element: string; factor: string; other: string; from: string; to: string; at: string }> {
  let catalogue: Catalogue = { elements: [] }
  await expect.poll(async () => (catalogue = await ask<Catalogue>(request, '/api/statistics/catalogue')).elements.length, { timeout: 30_000 }).toBeGreaterThan(0)
  const element = catalogue.elements.find((each) => each.element === 'air') ?? catalogue.elements[0]!
  const factor = element.factors.find(({ code }) => code === 'a34004') ?? element.factors[0]!
  const other = element.factors.find(({ code }) => code !== factor.code) ?? factor
  const to = factor.newest.slice(0, 10)
  const from = new Date(Date.parse(`${to}T00:00:00Z`) - 10 * 86_400_000).toISOString().slice(0, 10)
  return { element: element.element, factor: factor.code, other: other.code, from, to, at: `element=${element.element}&factor=${factor.code}&from=${from}&to=${to}` }
}
const address = (page: Page): URLSearchParams => new URL(page.url()).searchParams

test('a query is put together, answered with chart and table, and stands in the address', async ({ page, request }) => {
  const { element, from, to } = await known(request)
  await page.goto('/analysis')
  const form = page.getByRole('region', { name: '分析方式' })
  await form.locator('[name=element]').selectOption(element)
  await form.locator('[name=bucket]').selectOption('hour')
  await form.locator('[name=group]').selectOption('point')
  await form.locator('[name=from]').fill(from)
  await form.locator('[name=to]').fill(to)
  await form.getByRole('button', { name: '查询' }).click()
  await expect(page.getByRole('table', { name: '表' }).getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('img', { name: '图' }).locator('canvas').first()).toBeVisible()
  expect(address(page).get('bucket')).toBe('hour')
  expect(address(page).get('from')).toBe(from)
  expect(address(page).get('factor')).not.toBe('')
  const first = await page.getByRole('table', { name: '表' }).getByRole('cell').first().textContent()
  await page.reload()
  await expect(page.getByRole('table', { name: '表' }).getByRole('cell').first()).toHaveText(first!, { timeout: 30_000 })
})

test('a form that is not complete says what it lacks and asks nothing', async ({ page, request }) => {
  const { at } = await known(request)
  await page.goto(`/analysis?mode=statistics&${at}&statistic=exceed_rate&bucket=day&group=all`)
  const form = page.getByRole('region', { name: '分析方式' })
  await form.getByRole('combobox', { name: '监测因子' }).press('Backspace')
  await form.getByRole('button', { name: '查询' }).click()
  await expect(form.getByRole('alert')).toContainText('请选择监测因子')
})

test('several factors and percentiles stand side by side, and the table is offered as files', async ({ page, request }) => {
  const { at, other, factor } = await known(request)
  await page.goto(`/analysis?mode=statistics&${at.replace(`factor=${factor}`, `factor=${factor},${other}`)}&statistic=mean,p95&bucket=all&group=point`)
  const table = page.getByRole('table', { name: '表' })
  await expect(table.getByRole('columnheader')).toHaveCount(other === factor ? 4 : 6, { timeout: 30_000 })
  for (const format of ['XLSX', 'CSV', 'Parquet'] as const) {
    const link = page.getByRole('region', { name: '表' }).getByRole('link', { name: format })
    const answer = await request.get((await link.getAttribute('href'))!)
    expect(answer.ok(), format).toBe(true)
    expect((await answer.body()).length, format).toBeGreaterThan(10)
  }
})

test('a figure of the table opens its steps and is proved offline', async ({ page, request }) => {
  const { at } = await known(request)
  await page.goto(`/analysis?mode=statistics&${at}&statistic=mean&bucket=all&group=point`)
  await page.getByRole('table', { name: '表' }).getByRole('button', { name: /^计算步骤/ }).first().click({ timeout: 30_000 })
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('参与统计的有效数据')).toBeVisible({ timeout: 30_000 })
  await sheet.locator('.result').getByRole('button', { name: /出证/ }).click()
  await expect(page.getByText('全部检查通过')).toBeVisible({ timeout: 60_000 })
})

test('a trend shows S, Z, p and the slope with its limits, and why there is none', async ({ page, request }) => {
  const { at } = await known(request)
  await page.goto(`/analysis?mode=trend&${at}&statistic=mean&bucket=hour&group=point`)
  const table = page.getByRole('table', { name: '趋势检验' })
  await expect(table.getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 })
  for (const title of ['Sen 斜率', 'p', 'Z', 'S']) await expect(table.getByRole('columnheader', { name: title, exact: true })).toBeVisible()
  await table.getByRole('row').nth(1).click()
  await expect(table.getByRole('row', { selected: true })).toHaveCount(1)
})

test('a correlation has a matrix, and a cell shows its scatter', async ({ page, request }) => {
  const { element, factor, other, from, to } = await known(request)
  test.skip(factor === other, 'the data have one factor only')
  await page.goto(`/analysis?mode=correlation&a=${element}:${factor}:all,${element}:${other}:all&bucket=hour&from=${from}&to=${to}`)
  const matrix = page.getByRole('table', { name: '相关矩阵' })
  await expect(matrix.getByRole('row')).toHaveCount(3, { timeout: 30_000 })
  const cell = matrix.getByRole('button').first()
  if ((await cell.count()) === 0) return
  await expect(cell).toHaveText(/^-?[01]\.\d\d$/)
  await cell.click()
  await expect(page.getByRole('region', { name: '散点图' }).locator('canvas').first()).toBeVisible()
})

test('appraisal schemes are listed with their document; a sheet shows every step of a figure', async ({ page, request }) => {
  const schemes = await ask<{ id: string; title: { zh: string }; period: string }[]>(request, '/api/appraisal/schemes')
  expect(schemes.length).toBeGreaterThan(0)
  await page.goto('/analysis?mode=appraisal')
  const form = page.getByRole('region', { name: '分析方式' })
  for (const scheme of schemes) await expect(form.locator('[name=scheme] option', { hasText: scheme.title.zh }).first()).toBeAttached()
  await form.getByRole('button', { name: '查询' }).click()
  await expect(page.getByText('有效期')).toBeVisible({ timeout: 30_000 })
  const row = page.getByRole('table').first().getByRole('row').nth(1)
  if ((await row.count()) === 0) return
  await row.click()
  await expect(page.getByRole('dialog')).toBeVisible()
})

test('a question that takes long can be ended', async ({ page, request }) => {
  const { at } = await known(request)
  await page.route('**/api/statistics?**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 5000))
    await route.continue().catch(() => undefined)
  })
  await page.goto(`/analysis?mode=statistics&${at}&statistic=mean&bucket=day&group=all`)
  await page.getByRole('button', { name: '取消' }).click()
  await expect(page.getByRole('button', { name: '重试' })).toBeVisible()
})
