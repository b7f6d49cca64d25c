import { ask, CutWire, expect, livePoint, test } from './watch'

const number = (text: string): number => Number(text.replace(/[^0-9]/g, ''))

test('the overview fits a 1440×900 screen without scrolling and says that there is no login', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByText(/^无登录 · 仅本机/)).toBeVisible()
  await expect(page.getByText('实时', { exact: true }).first()).toBeVisible()
  await expect(page.getByText(/审图号/)).toBeVisible()
  const main = page.locator('main')
  expect(await main.evaluate((el) => [el.scrollHeight - el.clientHeight, el.scrollWidth - el.clientWidth])).toEqual([0, 0])
})

test('the ledger is an equation that holds', async ({ page }) => {
  await page.goto('/')
  const terms = page.getByRole('group', { name: '流量台账' })
  await expect(terms.getByText('平衡', { exact: true })).toBeVisible()
  // One look at one moment: the counters move.
  const [received, ...parts] = (await terms.locator('a b').evaluateAll((all) => all.map((el) => el.textContent ?? ''))).map(number)
  expect(parts).toHaveLength(5)
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(received)
  expect(received).toBeGreaterThan(0)
})

test('a frame that the server settles appears in the ticker within two seconds', async ({ page, request }) => {
  await page.goto('/')
  const ticker = page.getByRole('region', { name: '通讯包' })
  await expect(ticker.locator('li').first()).toBeVisible()
  const newest = async (): Promise<number> => Number((await ticker.locator('li .entry').first().textContent())!.slice(1))
  const before = await newest()
  let told = before
  await expect
    .poll(async () => (told = (await ask<{ entry: number }[]>(request, '/api/frames?limit=1'))[0]!.entry), { timeout: 30_000 })
    .toBeGreaterThan(before)
  await expect.poll(newest, { timeout: 2_000, intervals: [50] }).toBeGreaterThanOrEqual(told)
})

test('a paused ticker stands still and goes on afterwards', async ({ page }) => {
  await page.goto('/')
  const ticker = page.getByRole('region', { name: '通讯包' })
  await expect(ticker.locator('li').first()).toBeVisible()
  await ticker.getByRole('button', { name: '暂停' }).click()
  const held = await ticker.locator('li .entry').first().textContent()
  await expect(ticker.getByText(/积压 [1-9]/)).toBeVisible({ timeout: 30_000 })
  expect(await ticker.locator('li .entry').first().textContent()).toBe(held)
  await ticker.getByRole('button', { name: '继续' }).click()
  await expect(ticker.locator('li .entry').first()).not.toHaveText(held!)
})

test('the legend filters the map', async ({ page }) => {
  await page.goto('/')
  const legend = page.getByRole('group', { name: '图例，点击可筛选' })
  await legend.getByRole('button', { name: /^环境空气/ }).click()
  await expect(page.getByText(/^显示 \d+ \/ \d+$/)).toBeVisible()
  await page.reload()
  await expect(page.getByText(/^显示 \d+ \/ \d+$/)).toBeVisible()
  await legend.getByRole('button', { name: /^环境空气/ }).click()
  await expect(page.getByText(/^显示 \d+ \/ \d+$/)).toBeHidden()
})

test('a lost connection shows at once and the screen catches up by itself', async ({ page, baseURL, quiet }) => {
  quiet.expected.push(/Failed to load resource|ERR_CONNECTION/)
  const wire = await CutWire.to(baseURL!)
  quiet.hosts.push(new URL(wire.url).host)
  try {
    await page.goto(wire.url)
    await expect(page.locator('header .state')).toHaveText('实时')
    wire.cut()
    await expect(page.locator('header .state')).toHaveText('连接中断', { timeout: 2_000 })
    await expect(page.getByText(/正在重连/)).toBeVisible()
    const caughtUp = page.waitForResponse((answer) => answer.url().endsWith('/api/overview') && answer.ok(), { timeout: 20_000 })
    wire.mend()
    await caughtUp
    await expect(page.locator('header .state')).toHaveText('实时')
    await expect(page.getByText(/正在重连/)).toBeHidden()
  } finally {
    await wire.close()
  }
})

test('a connection that only falls silent counts as lost within five seconds', async ({ page, baseURL, quiet }) => {
  quiet.expected.push(/Failed to load resource|ERR_/)
  const wire = await CutWire.to(baseURL!)
  quiet.hosts.push(new URL(wire.url).host)
  try {
    await page.goto(wire.url)
    await expect(page.locator('header .state')).toHaveText('实时')
    wire.silence()
    await expect(page.locator('header .state')).toHaveText('连接中断', { timeout: 6_000 })
    wire.cut()
    wire.mend()
    await expect(page.locator('header .state')).toHaveText('实时', { timeout: 20_000 })
  } finally {
    await wire.close()
  }
})

test('an error says what happened, gives a code to quote, and retries', async ({ page, quiet }) => {
  quiet.expected.push(/503/)
  let broken = true
  await page.route('**/api/overview', (route) =>
    broken ? route.fulfill({ status: 503, json: { error: { code: 'unavailable', text: 'telemetry is being rebuilt' } } }) : route.continue(),
  )
  await page.goto('/')
  const note = page.getByRole('alert')
  await expect(note).toContainText('telemetry is being rebuilt')
  await expect(note).toContainText('unavailable / 503')
  broken = false
  await note.getByRole('button', { name: '重试' }).click()
  await expect(note).toBeHidden()
  await expect(page.getByRole('group', { name: '流量台账' })).toBeVisible()
})

test('Ctrl-K finds a point by name and opens it with the keyboard alone', async ({ page, request }) => {
  const point = await livePoint(request)
  await page.goto('/')
  await expect(page.getByRole('group', { name: '流量台账' })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type(point.id)
  await expect(page.getByRole('option').first()).toContainText(point.name.zh)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/points/${point.id}$`))
  await expect(page.getByRole('heading', { level: 1 })).toContainText(point.name.zh)
})

test('language and theme are remembered', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Switch to English' }).click()
  await page.getByRole('button', { name: 'Light or dark' }).click()
  await page.reload()
  await expect(page.getByText(/^No login: local only/)).toBeVisible()
  await expect(page.locator('html')).toHaveClass(/dark/)
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})
