import { ask, expect, livePoint, storedFrame, test } from './watch'

test('the system screen shows ledger, consumers, disk and versions', async ({ page, request }) => {
  const system = await ask<{ versions: Record<string, string>; followers: { name: string }[] }>(request, '/api/system')
  await page.goto('/system')
  await expect(page.getByRole('group', { name: '流量台账' })).toBeVisible()
  for (const follower of system.followers) await expect(page.getByRole('table', { name: '消费者' }).getByText(follower.name, { exact: true })).toBeVisible()
  for (const version of Object.values(system.versions)) await expect(page.getByText(version, { exact: true }).first()).toBeVisible()
})

test('quarantined and rejected frames are browsable down to their bytes', async ({ page, request }) => {
  for (const [disposition, word] of [['quarantined', '隔离'], ['rejected', '拒收']] as const) {
    const lines = await ask<{ entry: number }[]>(request, `/api/frames?disposition=${disposition}&limit=50`)
    await page.goto(`/system?frames=${disposition}`)
    if (lines.length === 0) {
      await expect(page.getByText('没有这样的通讯包。')).toBeVisible()
      continue
    }
    const table = page.getByRole('table', { name: '通讯包清单' })
    await table.getByRole('link', { name: /^#\d+$/ }).first().click()
    await expect(page).toHaveURL(/\/frames\/\d+$/)
    await expect(page.locator('.head .tag', { hasText: word })).toBeVisible()
    await expect(page.getByRole('region', { name: '原始字节' })).toBeVisible()
  }
})

test('the contract page shows every operation of the file the server delivers', async ({ page, request }) => {
  const yaml = await (await request.get('/api/openapi.yaml')).text()
  const ids = [...yaml.matchAll(/operationId: (\w+)/g)].map(([, id]) => id!)
  expect(ids.length).toBeGreaterThan(10)
  await page.goto('/api/docs')
  for (const id of ids) await expect(page.locator(`section#${id}`)).toBeVisible()
})

test('every link of the rail leads somewhere', async ({ page }) => {
  await page.goto('/')
  const rail = page.getByRole('navigation', { name: '主导航' })
  const count = await rail.getByRole('link').count()
  expect(count).toBe(18)
  for (let at = 0; at < count; at += 1) {
    await rail.getByRole('link').nth(at).click()
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('没有这个页面')
    await expect(rail.locator('[aria-current=page]')).toHaveCount(1)
  }
})

test('what does not exist is said to be not found', async ({ page, quiet }) => {
  quiet.expected.push(/404/)
  await page.goto('/frames/999999999999')
  await expect(page.getByRole('alert')).toContainText('没有找到')
  await page.goto('/points/no-such-point')
  await expect(page.getByRole('alert').first()).toContainText('没有找到')
  await page.goto('/no/such/page')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('没有这个页面')
})

for (const [language, theme] of [['zh', 'light'], ['en', 'dark']] as const) {
  test(`nothing overflows a phone of 390 px (${language}, ${theme})`, async ({ page, request }) => {
    const point = await livePoint(request)
    const entry = await storedFrame(request)
    await page.setViewportSize({ width: 390, height: 844 })
    await page.addInitScript(
      ([locale, look]) => {
        localStorage.setItem('mingjian.locale', JSON.stringify(locale))
        localStorage.setItem('mingjian.theme', JSON.stringify(look))
      },
      [language, theme] as const,
    )
    for (const path of ['/', '/points', `/points/${point.id}`, `/frames/${entry}?verify=1`, '/alarms', '/devices', '/conformance', '/evidence', `/evidence?entry=${entry}`, '/system?frames=all', '/api/docs']) {
      await page.goto(path)
      await page.waitForTimeout(800)
      const wide = await page.evaluate(() => {
        const main = document.querySelector('main')!
        return [document.documentElement.scrollWidth - window.innerWidth, main.scrollWidth - main.clientWidth]
      })
      expect(wide, path).toEqual([0, 0])
      const cut = await page.locator('[role=group].legend span').evaluateAll((all) => all.filter((el) => el.scrollWidth > el.clientWidth).map((el) => el.textContent))
      expect(cut, `${path}: words and counts of the legend are whole`).toEqual([])
      expect(await page.locator('main table:visible').count(), `${path}: tables are lists on a phone`).toBeLessThanOrEqual(path.startsWith('/frames') || path === '/api/docs' ? Infinity : 0)
    }
  })
}

test('the first screen is painted within 1.5 s', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('group', { name: '流量台账' })).toBeVisible()
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity)
  expect(paint).toBeLessThan(1500)
})
