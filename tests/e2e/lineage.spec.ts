import { ask, expect, livePoint, storedFrame, test } from './watch'

test('a figure leads to its frame, and the frame proves itself', async ({ page, request }) => {
  const point = await livePoint(request)
  const { latest } = await ask<{ latest: { value: { text: string } | null }[] }>(request, `/api/points/${point.id}`)
  const texts = new Set(latest.map((row) => row.value?.text))
  await page.goto(`/points/${point.id}`)
  const figure = page.getByRole('table', { name: '最新值' }).getByRole('button', { name: /^-?[0-9.]+$/ }).first()
  await expect(figure).toBeVisible()
  // The digits as received; only a frame that arrived in between could have changed them.
  const shown = (await figure.textContent())!.trim()
  if (!texts.has(shown)) {
    const again = await ask<{ latest: { value: { text: string } | null }[] }>(request, `/api/points/${point.id}`)
    expect(again.latest.map((row) => row.value?.text)).toContain(shown)
  }
  await figure.click()
  const panel = page.getByRole('dialog', { name: '溯源链' })
  await expect(panel).toBeVisible()
  await panel.getByRole('link', { name: '在浏览器中验证' }).click()
  await expect(page).toHaveURL(/\/frames\/\d+/)
  await expect(page.getByText('全部通过：该条目在签名的日志之中，未被改动。')).toBeVisible()
  await expect(page.locator('.steps li')).toHaveCount(9)
  await expect(page.locator('.steps li.bad')).toHaveCount(0)
})

test('the bytes shown are the bytes received', async ({ page, request }) => {
  const entry = await storedFrame(request)
  const { payload_base64 } = await ask<{ payload_base64: string }>(request, `/api/frames/${entry}`)
  await page.goto(`/frames/${entry}`)
  const hex = page.getByRole('region', { name: '原始字节' }).locator('.hex')
  await expect(hex.first()).toBeVisible()
  const shown = (await hex.allTextContents()).join('').replace(/\s/g, '')
  // Hex digits of neighbouring groups may touch in the text of the page; without blanks they are one string.
  expect(shown).toBe(Buffer.from(payload_base64, 'base64').toString('hex'))
})

test('the signature is checked also by a browser without Ed25519', async ({ page, request }) => {
  const entry = await storedFrame(request)
  await page.addInitScript(() => {
    const real = crypto.subtle.importKey.bind(crypto.subtle)
    crypto.subtle.importKey = ((format: 'raw', data: BufferSource, algorithm: { name?: string }, ...rest: [boolean, KeyUsage[]]) => {
      if (algorithm.name === 'Ed25519') return Promise.reject(new DOMException('Unrecognized name', 'NotSupportedError'))
      return real(format, data, algorithm as AlgorithmIdentifier, ...rest)
    }) as typeof crypto.subtle.importKey
  })
  await page.goto(`/frames/${entry}?verify=1`)
  await expect(page.getByText(/由内置算法验证/)).toBeVisible()
  await expect(page.getByText('全部通过：该条目在签名的日志之中，未被改动。')).toBeVisible()
})

test('one changed bit in the entry makes the verification fail and shows where', async ({ page, request }) => {
  const entry = await storedFrame(request)
  await page.route(`**/api/frames/${entry}`, async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { entry_base64: string }
    const bytes = Buffer.from(body.entry_base64, 'base64')
    bytes[bytes.length - 10]! ^= 1
    await route.fulfill({ response: answer, json: { ...body, entry_base64: bytes.toString('base64') } })
  })
  await page.goto(`/frames/${entry}`)
  await page.getByRole('button', { name: '在浏览器中验证' }).click()
  await expect(page.getByText(/验证未通过/)).toBeVisible()
  await expect(page.locator('.steps li.bad').filter({ hasText: '叶哈希 SHA-256' })).toBeVisible()
  await expect(page.locator('.steps li.ok').filter({ hasText: '检查点签名 Ed25519' })).toBeVisible()
})

test('the course of a series is drawn and its range stands in the address', async ({ page, request }) => {
  const point = await livePoint(request)
  await page.goto(`/points/${point.id}`)
  const chart = page.locator('.course canvas').first()
  await expect(chart).toBeVisible()
  const asked = page.waitForResponse((answer) => answer.url().includes('/series?') && answer.ok())
  await page.getByRole('group', { name: '过程线' }).getByRole('button', { name: '月' }).click()
  const series = (await (await asked).json()) as { rows: unknown[] }
  expect(series.rows.length).toBeGreaterThan(0)
  await expect(page).toHaveURL(/span=month/)
})

test('rows are walked and opened by keyboard', async ({ page }) => {
  await page.goto('/points')
  const rows = page.getByRole('table', { name: '监测点位' }).locator('tbody tr[data-at]')
  await rows.first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(rows.nth(1)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/points\/.+/)
})

test('a table is exported as CSV with every row', async ({ page, request }) => {
  const points = await ask<unknown[]>(request, '/api/points')
  await page.goto('/points')
  await expect(page.getByText(`${points.length} 行`)).toBeVisible()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: /导出 CSV/ }).click()
  const stream = await (await download).createReadStream()
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString('utf8')
  expect(text.startsWith('\ufeff名称,')).toBe(true)
  expect(text.trimEnd().split('\r\n')).toHaveLength(points.length + 1)
})
