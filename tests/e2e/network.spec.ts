import type { Locator } from '@playwright/test'

import { ask, expect, test } from './watch'

interface Overview {
  kinds: { id: string; title: { zh: string }; count: number }[]
  approved_actions: string[]
}
interface List {
  total: number
  rows: { id: string; attributes: Record<string, string>; state: string; valid_from: string }[]
}
const table = '监测点位'
const approve = async (dialog: Locator): Promise<void> => {
  await dialog.locator('[name=document]').fill('测试〔2026〕1号')
  await dialog.locator('[name=authority]').fill('测试机关')
  await dialog.locator('[name=approval_date]').fill('2026-01-02')
}
const unique = (): string => `e2e-${Date.now().toString(36)}`

test('the rail groups every screen, folds, and moves by arrow keys', async ({ page }) => {
  await page.goto('/network')
  const rail = page.getByRole('navigation', { name: '主导航' })
  await expect(rail.getByRole('link', { name: '监测网络' })).toHaveAttribute('aria-current', 'page')
  const group = rail.getByRole('button', { name: '数据' })
  await expect(rail.getByRole('link', { name: '现场机' })).toBeVisible()
  await group.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(group).toHaveAttribute('aria-expanded', 'false')
  await expect(rail.getByRole('link', { name: '现场机' })).toBeHidden()
  await page.reload()
  await expect(group).toHaveAttribute('aria-expanded', 'false')
  await group.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await expect(rail.getByRole('link', { name: '监测点位' })).toBeFocused()
  await rail.getByRole('button', { name: '收起导航' }).click()
  await expect(rail.getByText('监测网络', { exact: true })).toBeHidden()
  await rail.getByRole('button', { name: '展开导航' }).click()
})

test('on a phone all rooms are in a drawer that closes by Esc and by a choice', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/network')
  await page.getByRole('button', { name: '更多' }).click()
  const drawer = page.getByRole('dialog', { name: '主导航' })
  await expect(drawer.getByRole('link', { name: '统计分析' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await page.getByRole('button', { name: '更多' }).click()
  await drawer.getByRole('link', { name: '统计分析' }).click()
  await expect(page).toHaveURL(/\/analysis/)
  await expect(drawer).toBeHidden()
})

test('the register shows every kind with its count and the records of one', async ({ page, request }) => {
  const overview = await ask<Overview>(request, '/api/register')
  const points = await ask<List>(request, '/api/register/point?limit=20000')
  await page.goto('/network')
  const kinds = page.getByRole('navigation', { name: '登记种类' })
  for (const kind of overview.kinds) await expect(kinds.getByRole('button', { name: new RegExp(`^${kind.title.zh}`) })).toBeVisible()
  await expect(page.getByText(`${points.total} 行`)).toBeVisible()
  await kinds.getByRole('button', { name: /^行政区/ }).click()
  await expect(page).toHaveURL(/kind=region/)
  await expect(page.getByRole('table', { name: '行政区' })).toBeVisible()
})

test('filters narrow the list and stand in the address', async ({ page, request }) => {
  const air = await ask<List>(request, '/api/register/point?element=air&limit=20000')
  await page.goto('/network')
  await page.getByRole('combobox', { name: '环境要素' }).selectOption('air')
  await expect(page.getByText(`${air.total} 行`)).toBeVisible()
  await expect(page).toHaveURL(/element=air/)
  const one = air.rows[0]!
  await page.getByRole('searchbox', { name: '名称、编号' }).fill(one.id)
  await expect(page).toHaveURL(new RegExp(`q=${one.id}`))
  await page.reload()
  await expect(page.getByRole('table', { name: table }).getByRole('row')).toHaveCount(2)
  await page.getByRole('button', { name: '清除筛选' }).click()
  await expect(page).not.toHaveURL(/q=/)
})

test('another day is said plainly, and leads back to today', async ({ page }) => {
  await page.goto('/network?as_of=2001-02-03')
  await expect(page.getByText('显示截至 2001-02-03 的登记，不是今天的')).toBeVisible()
  await page.getByRole('button', { name: '回到今天' }).click()
  await expect(page).not.toHaveURL(/as_of/)
  await expect(page.getByText(/不是今天的/)).toBeHidden()
})

test('a record shows its attributes and its history down to the decision in the log', async ({ page, request }) => {
  const one = (await ask<List>(request, '/api/register/point?limit=1')).rows[0]!
  await page.goto('/network')
  await page.getByRole('table', { name: table }).getByRole('button', { name: one.attributes.name ?? one.id }).first().click()
  const panel = page.getByRole('dialog', { name: /^监测点位/ })
  await expect(panel.getByText(one.id, { exact: true }).first()).toBeVisible()
  await expect(panel.getByRole('region', { name: '沿革' }).getByText('新增', { exact: true })).toBeVisible()
  await panel.getByRole('region', { name: '沿革' }).getByRole('link', { name: /^#\d+$/ }).first().click()
  await expect(page).toHaveURL(/\/evidence\?entry=\d+/)
  await expect(page.getByRole('dialog')).toContainText('register.change')
})

test('a record is added, changed, stopped and resumed; each act shows what it does and stays in the history', async ({ page, request }) => {
  const id = unique()
  await page.goto('/network?kind=organisation&do=add')
  const form = page.getByRole('dialog', { name: /^新增/ })
  await form.getByRole('button', { name: '登记' }).click()
  await expect(form.getByRole('alert').first()).toBeVisible()
  await form.locator('[name=id]').fill(id)
  await form.locator('[name=name]').first().fill('端到端测试机构')
  for (const select of await form.locator('select[aria-required=true]').all()) await select.selectOption({ index: 1 })
  await expect(form.getByRole('region', { name: '将要改变' })).toContainText('端到端测试机构')
  // What is typed survives a reload.
  await page.reload()
  await expect(form.locator('[name=id]')).toHaveValue(id)
  const author = form.locator('.author')
  await author.locator('input[name=name]').fill('测试员')
  await author.locator('textarea').fill('端到端测试')
  await expect(form.getByText('请填写批准文件的文号、机关和日期')).toBeHidden()
  await form.getByRole('button', { name: '登记' }).click()
  await expect(form.getByText('请填写批准文件的文号、机关和日期')).toBeVisible()
  await approve(form)
  await form.getByRole('button', { name: '登记' }).click()
  const panel = page.getByRole('dialog', { name: /端到端测试机构/ })
  await expect(panel.getByText(id, { exact: true })).toBeVisible()

  await panel.getByRole('button', { name: '变更', exact: true }).click()
  const change = page.getByRole('dialog', { name: /^变更/ })
  await expect(change.getByText('没有改变。')).toBeVisible()
  await change.locator('[name=name]').first().fill('端到端测试机构（更名）')
  await expect(change.getByRole('region', { name: '将要改变' })).toContainText('端到端测试机构（更名）')
  await change.locator('.author textarea').fill('更名')
  // One document allows several changes: it stands ready.
  await expect(change.locator('[name=document]')).toHaveValue('测试〔2026〕1号')
  await expect(change.locator('[name=approval_date]')).toHaveValue('2026-01-02')
  await change.getByRole('button', { name: '登记' }).click()
  await expect(change).toBeHidden()
  await expect(page.getByRole('dialog', { name: /（更名）/ })).toBeVisible()

  const renamed = page.getByRole('dialog', { name: /（更名）/ })
  await renamed.getByRole('button', { name: '停用', exact: true }).click()
  const stop = page.getByRole('dialog', { name: /^停用/ })
  await stop.locator('.author textarea').fill('撤销')
  await stop.locator('[name=document]').fill('测试〔2026〕2号')
  await stop.getByRole('button', { name: '登记' }).click()
  await expect(stop).toBeHidden()
  await expect(renamed.getByRole('button', { name: '恢复', exact: true })).toBeVisible()
  const detail = await ask<{ history: { action: string; name: string; approval: { document: string } | null }[] }>(request, `/api/register/organisation/${id}`)
  expect(detail.history.map(({ action }) => action).sort()).toEqual(['add', 'change', 'stop'])
  expect(detail.history.map(({ action, approval }) => `${action} ${approval?.document}`).sort()).toEqual(['add 测试〔2026〕1号', 'change 测试〔2026〕1号', 'stop 测试〔2026〕2号'])
  await expect(renamed.getByRole('region', { name: '沿革' })).toContainText('测试〔2026〕2号 · 测试机关 · 2026-01-02')
})

test('an act without its approval is not sent', async ({ page, request }) => {
  expect((await ask<Overview>(request, '/api/register')).approved_actions).toEqual(['add', 'change', 'move', 'stop', 'resume'])
  const one = (await ask<List>(request, '/api/register/point?state=active&limit=1')).rows[0]!
  await page.goto(`/network?id=${encodeURIComponent(one.id)}`)
  await page.getByRole('dialog', { name: /^监测点位/ }).getByRole('button', { name: '停用', exact: true }).click()
  const stop = page.getByRole('dialog', { name: /^停用/ })
  await expect(stop.getByText('每项登记都须写明批准文件')).toBeVisible()
  await stop.locator('.author input').fill('测试员')
  await stop.locator('.author textarea').fill('试')
  await stop.getByRole('button', { name: '登记' }).click()
  await expect(stop.getByText('请填写批准文件的文号、机关和日期')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(stop).toBeHidden()
})

test('a table of records is tried first: errors by line and column, then imported when it is right', async ({ page }) => {
  const id = unique()
  await page.goto('/network?kind=organisation&do=import')
  const dialog = page.getByRole('dialog', { name: /^导入/ })
  const file = (text: string): { name: string; mimeType: string; buffer: Buffer } => ({ name: 'organisations.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await dialog.locator('input[type=file]').setInputFiles(file(`id,name,sort\n${id},端到端导入机构,no-such-sort\n`))
  const faults = dialog.getByRole('table', { name: '有误的行' })
  await expect(faults.getByRole('row')).toHaveCount(3)
  await expect(faults).toContainText('2')
  await expect(faults).toContainText('文号')
  await expect(dialog.getByRole('button', { name: '确认导入' })).toBeDisabled()
  // A row may name its own approval; for the others one is given for the whole table, and the table is tried again.
  await dialog.locator('input[type=file]').setInputFiles(file(`id,name,sort,approval,approval_authority\n${id},端到端导入机构,station,,\n${id}-b,端到端导入机构二,station,测试〔2026〕3号,测试机关\n`))
  await expect(faults.getByRole('row')).toHaveCount(2)
  await expect(dialog.getByText('请填写批准文件的文号、机关和日期')).toBeVisible()
  await approve(dialog)
  await dialog.locator('[name=approval_date]').blur()
  await expect(dialog.getByText('将写入：新增 2 条，变更 0 条。')).toBeVisible()
  await dialog.locator('.author input').fill('测试员')
  await dialog.locator('.author textarea').fill('端到端测试')
  await dialog.getByRole('button', { name: '确认导入' }).click()
  await expect(dialog.getByText('已导入。新增 2 条，变更 0 条。')).toBeVisible()
  await expect(dialog.getByRole('link', { name: /^#\d+$/ }).first()).toBeVisible()
})

test('templates and exports have the columns of the kind', async ({ page, request }) => {
  await page.goto('/network?kind=organisation')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: '空表' }).click()
  expect((await saved).suggestedFilename()).toBe('organisation.csv')
  const csv = await (await request.get('/api/register/organisation/export?format=csv')).text()
  expect(csv.split(/\r?\n/)[0]).toMatch(/^\ufeff?id,/)
  const exported = page.waitForEvent('download')
  await page.getByRole('link', { name: 'XLSX' }).click()
  expect((await exported).suggestedFilename()).toMatch(/\.xlsx$/)
})

test('the map draws regions and points; its legend hides and a region tells its gaps', async ({ page, request }) => {
  const regions = await ask<{ features: { properties: { id: string; name: { zh: string }; level: string | null } }[] }>(request, '/api/register/geometry?kind=region')
  expect(regions.features.length).toBeGreaterThan(0)
  await page.goto('/network?tab=map')
  await expect(page.getByRole('img', { name: '监测网络地图' }).locator('canvas').first()).toBeVisible()
  await expect(page.getByText(/审图号/)).toBeVisible()
  await page.getByRole('group', { name: '图例，点击可筛选' }).getByRole('button', { name: /^环境空气/ }).click()
  await expect(page.getByText(/^显示 [\d,]+ \/ [\d,]+$/)).toBeVisible()
  const district = regions.features.find(({ properties }) => properties.level === 'district') ?? regions.features[0]!
  await page.goto(`/network?tab=map&at=${district.properties.id}`)
  await expect(page.getByRole('dialog', { name: district.properties.name.zh })).toContainText('个点位')
})

test('requirements show required, planned, built and gap with clause and verification', async ({ page, request }) => {
  const coverage = await ask<{ rules: { id: string; title: { zh: string } }[]; rows: { rule: string; gap: number }[]; summary: { gap: number } }>(request, '/api/coverage')
  expect(coverage.rules.length).toBeGreaterThan(0)
  await page.goto('/network?tab=coverage')
  await expect(page.getByText(`${coverage.rows.length} 行`)).toBeVisible()
  await page.getByText('只看缺口').click()
  await expect(page.getByText(`${coverage.rows.filter(({ gap }) => gap > 0).length} 行`)).toBeVisible()
  await page.getByRole('combobox', { name: '要求', exact: true }).selectOption(coverage.rules[0]!.id)
  await expect(page).toHaveURL(/rule=/)
  await expect(page.getByText(coverage.rules[0]!.title.zh).first()).toBeVisible()
  await page.getByRole('button', { name: '按要求' }).click()
  await page.getByText('只看缺口').click()
  await expect(page.getByText(`${coverage.rules.length} 行`)).toBeVisible()
})

test('the siting aid answers with steps and what it assumed', async ({ page }) => {
  await page.goto('/network?tab=coverage')
  const card = page.getByRole('region', { name: '选址辅助' })
  await card.locator('[name=k]').fill('2')
  await card.locator('[name=radius]').fill('20')
  await card.locator('[name=candidates]').fill('s1,106.5')
  await expect(card.getByText(/第 1 行不是/)).toBeVisible()
  await card.locator('[name=candidates]').fill('')
  await card.getByRole('button', { name: '计算' }).click()
  await expect(card.getByRole('table', { name: '步骤' }).getByRole('row')).toHaveCount(3, { timeout: 30_000 })
  await card.getByText(/^计算假定/).click()
  await expect(card.locator('details li').first()).toBeVisible()
})

test('a file that nobody knows is refused with the reason, and nothing is handed over', async ({ page }) => {
  await page.goto('/network?tab=files')
  await expect(page.getByText('把数据文件拖到这里，或点击选择')).toBeVisible()
  await page.getByRole('region', { name: '交入数据文件' }).locator('input[type=file]').setInputFiles({ name: 'x.bin', mimeType: 'application/octet-stream', buffer: Buffer.from('no,such,columns\n1,2,3\n') })
  await expect(page.getByRole('alert').filter({ hasText: '不认识的文件' })).toBeVisible()
  await expect(page.getByRole('button', { name: '交入', exact: true })).toBeHidden()
})

test('a directory of points is tried, handed over by name and reason, and stands in the register', async ({ page, request }) => {
  const code = `E${Date.now().toString(36).slice(-6).toUpperCase()}A`
  await page.goto('/network?tab=files')
  const card = page.getByRole('region', { name: '交入数据文件' })
  await card.locator('input[type=file]').setInputFiles({ name: `stations-${code}.csv`, mimeType: 'text/csv', buffer: Buffer.from(`code,lon,lat,area,name,n_hours\n${code},106.5,29.5,重庆市,端到端站,24\n`) })
  await expect(card.getByText('识别为')).toBeVisible()
  await expect(card.getByText(/新增 1，变更 0/)).toBeVisible()
  await card.locator('.author input').fill('测试员')
  await card.locator('.author textarea').fill('端到端测试')
  await card.getByRole('button', { name: '交入', exact: true }).click()
  await expect(card.getByRole('status').getByText('已交入')).toBeVisible()
  const found = await ask<List>(request, `/api/register/point?q=${encodeURIComponent(code)}`)
  expect(found.total).toBe(1)
})

test('a file of values is tried, handed over, and has a receipt with the cells that could not be read', async ({ page }) => {
  const code = `E${Date.now().toString(36).slice(-6).toUpperCase()}B`
  await page.goto('/network?tab=files')
  const card = page.getByRole('region', { name: '交入数据文件' })
  const text = ['code,time,primary,aqi,pm10,pm10_24h,pm25,pm25_24h,o3,o3_24h,o3_8h,o3_8h_24h,no2,no2_24h,so2,so2_24h,co,co_24h', `${code},2026-02-26 20:00,,54,57,110,35,68,42,,68,57,19,26,2,2,0.6,0.8`, `${code},2026-02-26 21:00,,39,39,106,x1,65,50,,68,54,16,24,2,2,0.6,0.7`, '']
  await card.locator('input[type=file]').setInputFiles({ name: `values-${code}.csv`, mimeType: 'text/csv', buffer: Buffer.from(text.join('\n')) })
  await expect(card.getByRole('table', { name: '读不出的行' }).getByRole('row')).toHaveCount(2)
  await expect(card.getByRole('table', { name: '读不出的行' })).toContainText('pm25')
  await card.locator('.author input').fill('测试员')
  await card.locator('.author textarea').fill('端到端测试')
  await card.getByRole('button', { name: '交入', exact: true }).click()
  await expect(card.getByRole('status').getByText('已交入')).toBeVisible()
  const row = page.getByRole('table', { name: '数据文件' }).getByRole('row').filter({ hasText: code })
  await expect(row.getByText('完成', { exact: true })).toBeVisible({ timeout: 20_000 })
  await row.click()
  const receipt = page.getByRole('dialog', { name: /^回执/ })
  await expect(receipt.getByRole('table', { name: '读不出的行' })).toContainText('3')
  await receipt.getByRole('link', { name: /^#\d+$/ }).last().click()
  await expect(page.getByRole('dialog')).toContainText('import.file')
})

for (const [language, theme] of [['zh', 'light'], ['en', 'dark']] as const) {
  test(`the network overflows no phone of 390 px (${language}, ${theme})`, async ({ page, request }) => {
    const one = (await ask<List>(request, '/api/register/point?limit=1')).rows[0]!
    await page.setViewportSize({ width: 390, height: 844 })
    await page.addInitScript(([l, t]) => {
      localStorage.setItem('mingjian.locale', JSON.stringify(l))
      localStorage.setItem('mingjian.theme', JSON.stringify(t))
    }, [language, theme] as const)
    for (const path of ['/network', '/network?kind=region', '/network?do=duplicates', '/network?tab=map', '/network?tab=coverage', '/network?tab=files', `/network?id=${encodeURIComponent(one.id)}`, '/network?do=add', '/network?do=import', '/analysis', '/analysis?mode=correlation', '/analysis?mode=appraisal']) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.waitForTimeout(400)
      const over = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('main, dialog .body, aside .body')].map((el) => el.scrollWidth - el.clientWidth)])
      expect(Math.max(...over), path).toBeLessThanOrEqual(0)
    }
  })
}
