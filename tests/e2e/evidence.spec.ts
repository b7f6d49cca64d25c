import type { APIRequestContext, Locator, Page } from '@playwright/test'

import { ask, expect, livePoint, storedFrame, test } from './watch'

interface Evidence {
  origin: string
  entries: number
  quorum: number
  newest: { size: number; root: string; sm3_root: string; note: string }
  keys: { number: number; action: string; keys: string[]; in_force: boolean; by: string; reason: string }[]
}
interface Bundle {
  entries: [number, string][]
  steps: { op: string; result: string }[]
}
const state = (request: APIRequestContext): Promise<Evidence> => ask<Evidence>(request, '/api/evidence')
const number = async (of: Locator): Promise<number> => Number(((await of.textContent()) ?? '').replace(/\D/g, ''))

/** A value of a point that the log already proves. */
async function valueFigure(request: APIRequestContext): Promise<{ point: string; figure: string; text: string }> {
  const point = await livePoint(request)
  let found: { figure: string; text: string } | undefined
  await expect
    .poll(async () => {
      const { latest } = await ask<{ latest: { figure: string; value: { text: string } | null }[] }>(request, `/api/points/${point.id}`)
      const row = latest.find((each) => each.value !== null)
      return (found = row && { figure: row.figure, text: row.value!.text })
    }, { timeout: 20_000 })
    .toBeTruthy()
  return { point: point.id, ...found! }
}
/** The bundle of a figure, after those who have to cosign were asked. */
async function bundleOf(request: APIRequestContext, figure: string): Promise<Bundle> {
  if ((await state(request)).quorum > 0) expect((await request.post('/api/evidence/anchors', { data: {} })).ok()).toBe(true)
  return ask<Bundle>(request, `/api/evidence/bundle?figure=${encodeURIComponent(figure)}`)
}

async function offer(page: Page, bundle: object): Promise<Locator> {
  const card = page.getByRole('region', { name: '验证证据包文件' })
  await card.locator('input[type=file]').setInputFiles({ name: 'case.mjbundle.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(bundle)) })
  await expect(card.getByRole('list', { name: '检查' })).toBeVisible()
  return card
}
async function passes(page: Page): Promise<Locator> {
  const dialog = page.getByRole('dialog', { name: '出证' })
  await expect(dialog.getByText('成立', { exact: true })).toBeVisible({ timeout: 20_000 })
  await expect(dialog.locator('[data-check]')).toHaveCount(12)
  await expect(dialog.locator('[data-check].failed')).toHaveCount(0)
  for (const check of ['format', 'keys', 'checkpoint', 'inclusion', 'sm3', 'derivation', 'figure']) await expect(dialog.locator(`[data-check=${check}].passed`)).toBeVisible()
  return dialog
}

test('the tree head is that of the server, grows, and its signatures verify here', async ({ page, request }) => {
  const before = await state(request)
  await page.goto('/evidence')
  const head = page.getByRole('region', { name: '树头' })
  await expect(head).toContainText(before.origin)
  await expect.poll(() => number(head.locator('.signed')), { timeout: 20_000 }).toBeGreaterThan(before.newest.size)
  const now = await state(request)
  expect(await number(head.locator('.signed'))).toBeLessThanOrEqual(now.newest.size)
  await head.getByRole('button', { name: '在浏览器中验证签名' }).click()
  await expect(head.getByText('签名全部有效')).toBeVisible()
  await expect(head.locator('.signatures li')).not.toHaveCount(0)
})

test('an entry is found by its number and verified in both trees', async ({ page, request }) => {
  const entry = await storedFrame(request)
  const { leaf, sm3_leaf } = await ask<{ leaf: string; sm3_leaf: string }>(request, `/api/evidence/entries/${entry}`)
  await page.goto('/evidence')
  const list = page.getByRole('region', { name: '条目', exact: true })
  await list.getByRole('searchbox').fill(String(entry))
  await page.keyboard.press('Enter')
  const panel = page.getByRole('dialog', { name: `存证条目 #${entry}` })
  await expect(panel).toContainText(leaf)
  await expect(panel).toContainText(sm3_leaf)
  await panel.getByRole('button', { name: '在浏览器中验证' }).click()
  await expect(panel.getByText('全部通过：该条目在签名的日志之中，未被改动。')).toBeVisible()
  await expect(panel.locator('.steps li.ok')).toHaveCount(9)
  await panel.getByRole('button', { name: 'SM3', exact: true }).click()
  await expect(panel.locator('.node.leaf')).toContainText(sm3_leaf.slice(0, 12))
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await list.getByRole('searchbox').fill('NO-SUCH-DEVICE')
  await page.keyboard.press('Enter')
  await expect(list.getByText('该设备没有条目。请检查 MN 是否完整。')).toBeVisible()
})

test('a checkpoint kept is a prefix of the log of now, a forged one is not', async ({ page, request }) => {
  const kept = (await state(request)).newest
  await page.goto('/evidence')
  const card = page.getByRole('region', { name: '一致性' })
  const note = card.getByRole('textbox', { name: /留存的检查点/ })
  await expect(page.getByRole('region', { name: '树头' }).locator('.signed')).toBeVisible()
  await note.fill(kept.note)
  await card.getByRole('button', { name: '验证一致性' }).click()
  await expect(card.getByText(/留存的是现在的前缀/)).toBeVisible()
  // Another root: the signatures do not hold, and no proof leads there.
  await note.fill(kept.note.replace(Buffer.from(kept.root, 'hex').toString('base64'), Buffer.from(kept.sm3_root, 'hex').toString('base64')))
  await card.getByRole('button', { name: '验证一致性' }).click()
  await expect(card.getByText(/不一致/)).toBeVisible()
  for (const step of ['留存检查点的签名', '前者是后者的前缀 SHA-256']) await expect(card.locator('.steps li.bad').filter({ hasText: step })).toBeVisible()
  await expect(card.locator('.steps li.ok').filter({ hasText: '前者是后者的前缀 SM3' })).toBeVisible()
})

test('a value is proved in the page and its bundle taken along', async ({ page, request }) => {
  const { point, figure, text } = await valueFigure(request)
  await page.goto(`/points/${encodeURIComponent(point)}?prove=${encodeURIComponent(figure)}`)
  const dialog = await passes(page)
  await expect(dialog.locator('.value')).toContainText(text)
  await expect(dialog.getByRole('list', { name: '推导' })).toContainText('取原文字段')
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: /下载证据包/ }).click()
  expect((await download).suggestedFilename()).toMatch(/\.mjbundle\.json$/)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page).not.toHaveURL(/prove=/)
  // The same from the table beside the figures.
  await page.getByRole('table', { name: '最新值' }).getByRole('button', { name: /^出证：/ }).first().click()
  await expect(page).toHaveURL(/prove=value/)
  await passes(page)
})

test('an air quality index is proved down to the standard', async ({ page, request }) => {
  interface WithState {
    id: string
    state: { figure: string | null; value: { text: string } | null }
  }
  let found: WithState | undefined
  await expect
    .poll(async () => (found = (await ask<WithState[]>(request, '/api/points')).find((point) => point.state.figure?.startsWith('aqi/'))), { timeout: 30_000 })
    .toBeTruthy()
  await page.goto(`/points/${encodeURIComponent(found!.id)}`)
  await page.locator('.head').getByRole('button', { name: /^出证/ }).click()
  const dialog = await passes(page)
  await expect(dialog.locator('[data-check=tables].passed')).toBeVisible()
  await expect(dialog.getByRole('list', { name: '推导' })).toContainText('HJ 633')
})

test('a bundle changed by one bit is refused with the check that saw it', async ({ page, request }) => {
  const bundle = await bundleOf(request, (await valueFigure(request)).figure)
  await page.goto('/evidence')
  await expect(page.getByText('把证据包文件拖到这里，或点击选择')).toBeVisible()
  let card = await offer(page, bundle)
  await expect(card.getByText('成立', { exact: true })).toBeVisible()
  const bytes = Buffer.from(bundle.entries[0]![1], 'base64')
  bytes[bytes.length - 12]! ^= 1
  card = await offer(page, { ...bundle, entries: [[bundle.entries[0]![0], bytes.toString('base64')], ...bundle.entries.slice(1)] })
  await expect(card.getByText('不成立', { exact: true })).toBeVisible()
  await expect(card.locator('[data-check=format].passed')).toBeVisible()
  for (const check of ['inclusion', 'sm3']) await expect(card.locator(`[data-check=${check}].failed`)).toBeVisible()
  card = await offer(page, { ...bundle, steps: bundle.steps.map((step) => (step.op === 'field' ? { ...step, result: `${step.result}1` } : step)) })
  await expect(card.locator('[data-check=derivation].failed')).toBeVisible()
  await expect(card.locator('[data-check=inclusion].passed')).toBeVisible()
  card = await offer(page, { ...bundle, note: 'something that nobody checks' })
  await expect(card.locator('[data-check=format].failed')).toBeVisible()
})

test('a bundle file is verified after the network is gone', async ({ page, request, quiet }) => {
  quiet.expected.push(/ERR_INTERNET_DISCONNECTED/)
  const bundle = await bundleOf(request, (await valueFigure(request)).figure)
  await page.goto('/evidence')
  await expect(page.getByText('把证据包文件拖到这里，或点击选择')).toBeVisible()
  // The verifier is fetched ahead, half a second after the screen is there.
  await expect.poll(() => page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/assets/verifier-')))).toBe(true)
  await page.context().setOffline(true)
  const card = await offer(page, bundle)
  await expect(card.getByText('取不到本服务器的公钥，改用证据包自带的。')).toBeVisible()
  await expect(card.getByText('成立', { exact: true })).toBeVisible()
})

test('why data are missing is said with a name and a reason and stands in the log', async ({ page, request }) => {
  const { devices } = await ask<{ devices: { mn: string; registered: boolean; frames: number }[] }>(request, '/api/devices?limit=2000')
  const { mn } = devices.find((device) => device.registered && device.frames > 0)!
  const day = new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10)
  await page.goto(`/devices/${encodeURIComponent(mn)}?day=${day}`)
  const card = page.getByRole('region', { name: '设备日清单' })
  await card.getByRole('button', { name: '说明缺失' }).first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('自', { exact: true })).toHaveValue(new RegExp(`^${day}T`))
  await dialog.getByRole('button', { name: '提交说明' }).click()
  await expect(dialog.getByText('请填写姓名和理由')).toBeVisible()
  const reason = `停电检修 ${Date.now()}`
  await dialog.getByLabel('姓名').fill('值班员丁')
  await dialog.getByLabel('理由').fill(reason)
  await dialog.getByRole('button', { name: '提交说明' }).click()
  await expect(dialog).toBeHidden()
  await expect(card.getByText(reason)).toBeVisible()
  const given = (await ask<{ name: string; reason: string; entry: number }[]>(request, `/api/devices/${encodeURIComponent(mn)}/explanations`)).find((each) => each.reason === reason)
  expect(given?.name).toBe('值班员丁')
  expect((await ask<{ line: { type: string }; text: string }>(request, `/api/evidence/entries/${given!.entry}`)).line.type).toBe('decision')
})

test('keys are rotated with a reason, and what was and what will be signed verifies', async ({ page, request }) => {
  const before = await state(request)
  const entry = await storedFrame(request)
  await page.goto('/evidence')
  const keys = page.getByRole('region', { name: '密钥', exact: true })
  await keys.getByRole('button', { name: '轮换密钥' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('姓名').fill('密钥管理员')
  await dialog.getByLabel('理由').fill('定期轮换')
  await dialog.getByRole('button', { name: '轮换', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(keys.getByText('密钥管理员：定期轮换').first()).toBeVisible()
  const after = await state(request)
  expect(after.keys).toHaveLength(before.keys.length + 1)
  expect(after.keys.filter((each) => each.in_force).map((each) => each.number)).toEqual([after.keys.at(-1)!.number])
  expect(after.keys.at(-1)!.keys).not.toEqual(before.keys.at(-1)!.keys)
  // An entry from before, under a checkpoint signed by the new keys as soon as one covers their statement.
  await expect.poll(async () => (await ask<{ keys: string[] }>(request, `/api/frames/${entry}/proof`)).keys.slice().sort()).toEqual([...after.keys.at(-1)!.keys].sort())
  await page.goto(`/frames/${entry}?verify=1`)
  await expect(page.getByText('全部通过：该条目在签名的日志之中，未被改动。')).toBeVisible()
  // What was remembered before the rotation is still a prefix.
  await page.goto('/evidence')
  const card = page.getByRole('region', { name: '一致性' })
  await expect(page.getByRole('region', { name: '树头' }).locator('.signed')).toBeVisible()
  await card.getByRole('textbox', { name: /留存的检查点/ }).fill(before.newest.note)
  await card.getByRole('button', { name: '验证一致性' }).click()
  await expect(card.getByText(/留存的是现在的前缀/)).toBeVisible()
  const { point, figure } = await valueFigure(request)
  await page.goto(`/points/${encodeURIComponent(point)}?prove=${encodeURIComponent(figure)}`)
  await passes(page)
})

test('a refusal of a witness is told on every screen, with what to do', async ({ page }) => {
  const change = (body: Record<string, unknown>): Record<string, unknown> => ({
    ...body, refused: true,
    alerts: [{ kind: 'rollback', subject: 'witness.test/w1', text: 'it knows 9 entries more', at: '2026-03-01T14:00:00+08:00', entry: 0 }],
  })
  await page.route('**/api/evidence', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: change((await answer.json()) as Record<string, unknown>) })
  })
  // The stream tells the true state, which would take the refusal away again.
  await page.route('**/api/events', (route) => route.fulfill({ contentType: 'text/event-stream', body: ': no events\n\n' }))
  await page.goto('/points')
  await page.locator('header').getByRole('link', { name: '存证异常' }).click()
  const banner = page.getByRole('alert')
  await expect(banner).toContainText('回退')
  await expect(banner).toContainText('it knows 9 entries more')
  await expect(banner).toContainText('找回较新的备份')
})
