import type { APIRequestContext } from '@playwright/test'

import { ask, expect, test } from './watch'

const pages = { air: '环境空气', water: '水环境', soil: '土壤环境', noise: '声环境', radiation: '辐射环境', ecology: '生态', sources: '污染源' }
const station = { code: '9001A', id: 'air-9001A', name: '评价试验站', lon: '106.4370', lat: '29.8100' }
/** Invented: all hours of a day are alike, so that its mean is known. By HJ 633-2026 table 3 PM2.5 of 60 is 100, of 115 is 150. */
const days = [
  { day: '2026-03-02', pm25: 60, aqi: '100', grade: '良' },
  { day: '2026-03-03', pm25: 115, aqi: '150', grade: '轻度污染' },
]

async function handOver(request: APIRequestContext, file: string, lines: string[]): Promise<void> {
  const query = new URLSearchParams({ file, name: '浏览器试验', reason: '评价页面试验' })
  const answer = await request.post(`/api/intake/files?${query}`, { headers: { 'content-type': 'application/octet-stream' }, data: Buffer.from(`${lines.join('\n')}\n`) })
  expect(answer.ok(), `${file}: ${answer.status()} ${await answer.text()}`).toBe(true)
  expect((await answer.json()) as { state: string; reason: string }).not.toMatchObject({ state: 'refused' })
}

interface Run {
  id: number
  state: string
}
interface Table {
  rows: { subject: { id: string; name: { zh: string } }; value: { text: string } | null }[]
}

/** A station with two days, evaluated. */
async function evaluated(request: APIRequestContext): Promise<void> {
  await handOver(request, 'stations-e2e.csv', ['code,lon,lat,area,name,n_hours', `${station.code},${station.lon},${station.lat},重庆市,${station.name},48`])
  // The platform of the country names an hour by its end.
  const hours = days.flatMap(({ day, pm25 }) =>
    Array.from({ length: 24 }, (_, hour) => {
      const end = new Date(Date.parse(`${day}T00:00:00Z`) + (hour + 1) * 3_600_000).toISOString()
      return `${station.code},${end.slice(0, 10)} ${end.slice(11, 16)},,,40,,${pm25},,50,,,,20,,10,,0.5,`
    }),
  )
  await handOver(request, 'hours-e2e.csv', ['code,time,primary,aqi,pm10,pm10_24h,pm25,pm25_24h,o3,o3_24h,o3_8h,o3_8h_24h,no2,no2_24h,so2,so2_24h,co,co_24h', ...hours])
  const table = (): Promise<Table> => ask<Table>(request, `/api/evaluation/air/results?period=day&at=${days[1]!.day}&level=point&indicator=aqi`)
  await expect
    .poll(
      async () => {
        if ((await table()).rows.some((row) => row.subject.id === station.id && row.value !== null)) return true
        // Values are read within a moment after they were handed over; a run that goes on already is waited for.
        const answer = await request.post('/api/evaluation/runs', { data: { element: 'air', from: `${days[0]!.day}T00:00:00+08:00`, to: '2026-03-04T00:00:00+08:00' } })
        if (answer.ok()) {
          const { id } = (await answer.json()) as Run
          await expect.poll(async () => (await ask<Run>(request, `/api/evaluation/runs/${id}`)).state, { timeout: 20_000 }).not.toBe('running')
        }
        return false
      },
      { timeout: 40_000, intervals: [1000] },
    )
    .toBe(true)
}

test.beforeAll(async ({ request }) => {
  test.setTimeout(90_000)
  await evaluated(request)
})

test('every element has a page that shows results or says how to get them', async ({ page, request }) => {
  const elements = await ask<{ element: string; newest: string | null }[]>(request, '/api/evaluation/elements')
  expect(elements.length).toBeGreaterThanOrEqual(7)
  for (const [path, title] of Object.entries(pages)) {
    await page.goto(`/elements/${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
    await expect(page.locator('section[aria-label=地图], .none code').first()).toBeVisible()
    if ((await page.locator('.none code').count()) > 0) await expect(page.locator('.none code').first()).toContainText('mingjian import')
  }
})

test('a day is ranked by its index, and the sheet behind a figure says every step', async ({ page, request }) => {
  const { day, aqi, grade } = days[1]!
  const { rows } = await ask<Table>(request, `/api/evaluation/air/results?period=day&at=${day}&level=point&indicator=aqi`)
  await page.goto(`/elements/air?view=ranking&period=day&at=${day}&level=point&indicator=aqi`)
  const table = page.getByRole('table', { name: '排名' })
  // The traffic goes on: there may be more meanwhile.
  await expect.poll(async () => Number(await table.getAttribute('aria-rowcount'))).toBeGreaterThanOrEqual(rows.length)
  await page.getByRole('searchbox', { name: '查找对象' }).fill(station.name)
  const row = table.locator('tbody tr', { hasText: station.name })
  await expect(row).toContainText(aqi)
  await expect(row).toContainText(grade)
  await expect(row).toContainText('PM2.5')
  await row.click()
  const panel = page.getByRole('dialog', { name: new RegExp(station.name) })
  const sheet = panel.getByRole('region', { name: '计算过程' })
  await expect(sheet.locator('.figure')).toHaveText(new RegExp(`^${aqi}`))
  await expect(sheet.getByRole('link', { name: 'HJ 633-2026', exact: true }).first()).toBeVisible()
  expect(await sheet.locator('.steps li').count()).toBeGreaterThan(1)
  expect(await sheet.locator('.inputs tbody tr').count()).toBeGreaterThan(5)
  // The address leads there again; Esc leaves.
  await page.reload()
  await expect(panel.locator('.figure')).toHaveText(new RegExp(`^${aqi}`))
  await page.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)
  await expect(page).not.toHaveURL(/open=/)
})

test('inputs of a sheet lead to the evidence they came in', async ({ page }) => {
  await page.goto(`/elements/air?view=ranking&level=point&period=day&at=${days[0]!.day}&open=${station.id}~day~${days[0]!.day}~aqi`)
  const sheet = page.getByRole('region', { name: '计算过程' })
  await expect(sheet.locator('.figure')).toHaveText(/^100/)
  const evidence = sheet.getByRole('link', { name: /^#\d+$/ }).first()
  // An input that was made of others is opened first.
  if ((await evidence.count()) === 0) await sheet.locator('.inputs button.link').first().click()
  await sheet.getByRole('link', { name: /^#\d+$/ }).first().click()
  await expect(page).toHaveURL(/\/evidence\?entry=\d+/)
})

test('the calendar shows a year of one subject, and its days lead to their sheets', async ({ page }) => {
  await page.goto(`/elements/air?view=calendar&subject=${station.id}&year=2026`)
  await expect(page.getByRole('application', { name: new RegExp(`${station.name} 2026 年日历`) })).toBeVisible()
  const table = page.getByRole('table', { name: '2026 年日历' })
  await expect(table).toHaveAttribute('aria-rowcount', String(days.length))
  for (const { day, aqi, grade } of days) {
    const row = table.locator('tbody tr', { hasText: day })
    await expect(row).toContainText(aqi)
    await expect(row).toContainText(grade)
  }
  const year = page.getByRole('application')
  await year.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: /2026-03-03/ })).toBeVisible()
})

test('the trend draws every period there is, and opens one by keyboard', async ({ page }) => {
  await page.goto(`/elements/air?view=trend&subject=${station.id}&period=day&at=${days[1]!.day}&indicator=aqi&from=2026-03-01&to=2026-03-05`)
  const chart = page.getByRole('application', { name: new RegExp(station.name) })
  await expect(chart).toBeVisible()
  await expect(page.getByRole('table', { name: /趋势/ })).toHaveAttribute('aria-rowcount', String(days.length))
  await expect(page.getByRole('link', { name: 'HJ 633-2026', exact: true }).first()).toBeVisible()
  await chart.focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('dialog', { name: /2026-03-03/ })).toBeVisible()
})

test('compliance counts the days that kept the limit and lists those that did not', async ({ page }) => {
  await page.goto('/elements/air?view=compliance&period=month&at=2026-03&level=point')
  const row = page.getByRole('table', { name: '达标' }).locator('tbody tr', { hasText: station.name })
  await expect(row).toContainText('50.0')
  await row.getByRole('button', { name: '1' }).click()
  const exceedances = page.getByRole('table', { name: '超标清单' })
  await expect(exceedances).toHaveAttribute('aria-rowcount', '1')
  await exceedances.locator('tbody tr').click()
  await expect(page.getByRole('dialog', { name: new RegExp(`${station.name}.*${days[1]!.day}`) })).toBeVisible()
})

test('a view is kept in its address: period, grades that are hidden, another period', async ({ page }) => {
  await page.goto(`/elements/air?period=day&at=${days[1]!.day}&indicator=aqi`)
  await expect(page.getByRole('region', { name: '地图' })).toBeVisible()
  const legend = page.getByRole('group', { name: '图例：点击隐藏或显示' })
  await legend.getByRole('button', { name: '轻度污染' }).click()
  await expect(page).toHaveURL(/hide=/)
  await page.reload()
  await expect(legend.getByRole('button', { name: '轻度污染' })).toHaveAttribute('aria-pressed', 'false')
  await page.getByRole('button', { name: '上一时段' }).click()
  await expect(page).toHaveURL(new RegExp(`at=${days[0]!.day}`))
  await page.getByRole('group', { name: '周期' }).getByRole('button', { name: '月' }).click()
  await expect(page).toHaveURL(/period=month&|at=2026-03(&|$)/)
})

for (const [language, theme] of [['zh', 'light'], ['en', 'dark']] as const)
  test(`element pages and standards fit a phone of 390 px (${language}, ${theme})`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.addInitScript(
      ([locale, look]) => {
        localStorage.setItem('mingjian.locale', JSON.stringify(locale))
        localStorage.setItem('mingjian.theme', JSON.stringify(look))
      },
      [language, theme] as const,
    )
    const air = `/elements/air?period=day&at=${days[1]!.day}&level=point&subject=${station.id}`
    const views = ['map', 'ranking', 'calendar', 'trend', 'compliance'].map((view) => `${air}&view=${view}`)
    for (const path of [...views, `${air}&open=${station.id}~day~${days[1]!.day}~aqi`, '/elements/soil', '/standards?q=pm2.5', '/standards/GB%203095-2026']) {
      await page.goto(path)
      await page.waitForTimeout(1000)
      const wide = await page.evaluate(() => {
        const main = document.querySelector('main')!
        const panel = document.querySelector('aside.panel .body')
        return [document.documentElement.scrollWidth - window.innerWidth, main.scrollWidth - main.clientWidth, panel ? panel.scrollWidth - panel.clientWidth : 0]
      })
      expect(wide, path).toEqual([0, 0, 0])
    }
  })
