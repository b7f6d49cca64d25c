import type { APIRequestContext, Locator, Page } from '@playwright/test'

import { ask, expect, SilentDevice, test } from './watch'

interface Name {
  zh: string
  en: string
}
interface Device {
  mn: string
  registered: boolean
  online: boolean
  vendor: string
  frames: number
  point: { id: string; name: Name } | null
  dialect: { name: string }
  profile: { recount: number }
}
interface Order {
  id: number
  cn: string
  state: string
  open: boolean
  name: string
  reason: string
  parameters: { name: string; value: string }[]
}
interface Step {
  what: string
  frame: number | null
}

const all = async (request: APIRequestContext): Promise<Device[]> => (await ask<{ devices: Device[] }>(request, '/api/devices?limit=2000')).devices
const at = (mn: string, rest = ''): string => `/api/devices/${encodeURIComponent(mn)}${rest}`

/** A registered device that is on line and has sent enough to be judged. */
async function talking(request: APIRequestContext): Promise<Device> {
  let found: Device | undefined
  await expect
    .poll(async () => (found = (await all(request)).find((device) => device.registered && device.online && device.frames > 0 && device.dialect.name === '2017')), { timeout: 30_000 })
    .toBeTruthy()
  return found!
}

async function choose(page: Page, mn: string, cn: string): Promise<Locator> {
  await page.goto(`/devices/${encodeURIComponent(mn)}`)
  await page.getByRole('button', { name: '下发命令' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: '按编码或名称查找' }).fill(cn)
  await expect(dialog.getByRole('option').first()).toContainText(cn)
  await page.keyboard.press('Enter')
  return dialog
}

test('the list shows every device, and its search stands in the address', async ({ page, request }) => {
  const devices = await all(request)
  const wanted = devices.find((device) => device.mn.length > 8)!
  await page.goto('/devices')
  await expect(page.getByText(`${devices.length} 行`)).toBeVisible()
  await page.getByRole('searchbox', { name: 'MN、点位、厂商' }).fill(wanted.mn)
  const rows = page.getByRole('table', { name: '现场机' }).locator('tbody tr[data-at]')
  await expect(rows).toHaveCount(1)
  await expect(rows.first()).toContainText(wanted.mn)
  await expect(page).toHaveURL(new RegExp(`q=${encodeURIComponent(wanted.mn)}`))
  await page.reload()
  await expect(rows).toHaveCount(1)
  await page.getByRole('group', { name: '状态' }).getByRole('button', { name: wanted.online ? '离线' : '在线' }).click()
  await expect(page.getByText('没有符合条件的现场机。')).toBeVisible()
})

test('the list is exported with the filter applied', async ({ page, request }) => {
  const online = (await ask<{ devices: Device[] }>(request, '/api/devices?online=true&limit=2000')).devices
  await page.goto('/devices?state=online')
  await expect(page.getByText(`${online.length} 行`)).toBeVisible()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: /导出 CSV/ }).click()
  const parts: Buffer[] = []
  for await (const part of await (await download).createReadStream()) parts.push(part as Buffer)
  const lines = Buffer.concat(parts).toString('utf8').trimEnd().split('\r\n')
  expect(lines[0]!.startsWith('\ufeff状态,MN,')).toBe(true)
  expect(lines).toHaveLength(online.length + 1)
})

test('an MN leads from the search and from its point to the device', async ({ page, request }) => {
  const device = await talking(request)
  await page.goto('/')
  await expect(page.getByRole('group', { name: '流量台账' })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type(device.mn)
  await expect(page.getByRole('option').first()).toContainText(device.mn)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/devices/${device.mn}$`))
  await expect(page.getByRole('heading', { level: 1 })).toContainText(device.mn)
  await page.goto(`/points/${encodeURIComponent(device.point!.id)}`)
  await page.locator('.head').getByRole('link', { name: device.mn }).click()
  await expect(page).toHaveURL(new RegExp(`/devices/${device.mn}$`))
})

test('a device shows its connection, and its edition with grounds that lead to a frame', async ({ page, request }) => {
  const device = await talking(request)
  const detail = await ask<{ device: { link: { peer: string } }; guess: { grounds: { text: Name; entry: number | null; seen: number }[] } }>(request, at(device.mn))
  await page.goto(`/devices/${encodeURIComponent(device.mn)}`)
  await expect(page.getByRole('region', { name: '连接', exact: true })).toContainText(detail.device.link.peer)
  const profile = page.getByRole('region', { name: '通讯档案' })
  expect(detail.guess.grounds.length).toBeGreaterThan(0)
  // Words before the counts, which move.
  for (const ground of detail.guess.grounds) await expect(profile).toContainText(ground.text.zh.split(/[0-9]/)[0]!)
  await profile.locator('.grounds').getByRole('link', { name: /^#\d+$/ }).first().click()
  await expect(page).toHaveURL(/\/frames\/\d+$/)
  await expect(page.getByRole('region', { name: '原始字节' })).toBeVisible()
})

test('a command is filled in, previewed, ordered with a reason and followed to its end', async ({ page, request }) => {
  test.setTimeout(120_000)
  const device = await talking(request)
  const dialog = await choose(page, device.mn, '1061')
  // The frame of the preview is the one the server would send; only the moment differs.
  const frame = dialog.getByRole('region', { name: '将要发送的通讯包' })
  await expect(frame).toContainText(`CN=1061;`)
  await expect(frame).toContainText(`MN=${device.mn};`)
  const told = await (await request.post(at(device.mn, '/orders/preview'), { data: { cn: '1061', parameters: [] } })).json() as { frame: string; parts: { text: string }[] }
  const still = (text: string): string => text.replace(/QN=\d+/, 'QN=').replace(/&&[0-9A-F]{4}(\r\n|<CR><LF>)?$/, '&&')
  expect(still((await frame.textContent())!.trim())).toBe(still(told.frame))
  expect(told.parts.map((part) => part.text).join('')).toBe(told.frame)

  await dialog.getByRole('button', { name: '下发 1061' }).click()
  await expect(dialog.getByText('请填写姓名和理由')).toBeVisible()
  await dialog.getByLabel('姓名').fill('值班员乙')
  await dialog.getByLabel('理由').fill('核对实时数据间隔')
  await page.reload()
  await expect(dialog.getByLabel('理由')).toHaveValue('核对实时数据间隔')
  const placed = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/orders'))
  await dialog.getByRole('button', { name: '下发 1061' }).click()
  const order = (await (await placed).json()) as Order
  expect([order.cn, order.name, order.reason]).toEqual(['1061', '值班员乙', '核对实时数据间隔'])

  // Nothing is asked of the page: the conversation comes by events.
  await expect(dialog.getByText('成功', { exact: true }).first()).toBeVisible({ timeout: 60_000 })
  const { steps } = await ask<{ steps: Step[] }>(request, `/api/orders/${order.id}`)
  expect(steps.map((step) => step.what)).toEqual(expect.arrayContaining(['sent', 'reply', 'data', 'result']))
  const links = dialog.getByRole('list', { name: '会话步骤' }).getByRole('link')
  await expect(links).toHaveCount(steps.filter((step) => step.frame !== null).length)
  await dialog.getByRole('button', { name: '完成' }).click()
  await expect(page.getByRole('table', { name: '命令' }).locator('tbody tr[data-at]').first()).toContainText(`#${order.id}`)

  // What the device answered is a parameter with its history.
  const parameters = page.getByRole('table', { name: '现场机参数' })
  await parameters.getByText('RtdInterval').first().click()
  const history = page.getByRole('dialog', { name: '参数历史' })
  await expect(history.getByRole('link', { name: /^#\d+$/ }).first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(history).toBeHidden()
})

test('a value outside the range of the table is refused before it is sent, and by the server', async ({ page, request }) => {
  const device = await talking(request)
  const before = (await ask<Order[]>(request, at(device.mn, '/orders?limit=1')))[0]?.id ?? -1
  const dialog = await choose(page, device.mn, '1062')
  await dialog.getByLabel('RtdInterval').fill('5')
  await expect(dialog.getByText('不小于 30')).toBeVisible()
  await dialog.getByLabel('姓名').fill('甲')
  await dialog.getByLabel('理由').fill('试')
  await dialog.getByRole('button', { name: '下发 1062' }).click()
  await expect(dialog.getByText('不小于 30')).toBeVisible()
  const answer = await request.post(at(device.mn, '/orders'), { data: { cn: '1062', parameters: [{ name: 'RtdInterval', value: '5' }], name: '甲', reason: '试' } })
  expect(answer.status()).toBe(400)
  expect(((await answer.json()) as { error: { code: string } }).error.code).toBe('invalid_input')
  const after = await ask<Order[]>(request, at(device.mn, '/orders?limit=5'))
  expect(after.filter((order) => order.id > before && order.cn === '1062')).toEqual([])
})

test('an order whose device stays silent is cancelled with a name and a reason', async ({ page, request }) => {
  test.setTimeout(90_000)
  const device = await talking(request)
  const { gateway } = await ask<{ gateway: { address: string } }>(request, '/api/system')
  const silent = new SilentDevice(gateway.address, device.mn)
  try {
    // The device itself speaks too: an order that went to it is answered, and another one is placed.
    let order: Order | undefined
    for (let attempt = 0; attempt < 5 && !order; attempt += 1) {
      await page.waitForTimeout(500)
      const answer = await request.post(at(device.mn, '/orders'), { data: { cn: '1063', parameters: [], name: '甲', reason: '核对分钟数据间隔' } })
      expect(answer.status(), await answer.text()).toBe(201)
      const placed = (await answer.json()) as Order
      await expect.poll(async () => (await ask<{ order: Order & { qn: string | null } }>(request, `/api/orders/${placed.id}`)).order.qn, { timeout: 20_000 }).not.toBeNull()
      const { order: now } = await ask<{ order: Order & { qn: string } }>(request, `/api/orders/${placed.id}`)
      if (now.open && silent.hears(now.qn)) order = now
    }
    expect(order, 'a request that the silent connection received').toBeTruthy()
    await page.goto(`/devices/${encodeURIComponent(device.mn)}?order=${order!.id}`)
    const panel = page.getByRole('dialog', { name: `命令 #${order!.id}` })
    await expect(panel.getByText('等待请求应答 9011')).toBeVisible()
    await panel.getByRole('button', { name: '取消命令' }).click()
    await panel.getByRole('button', { name: '确认取消' }).click()
    await expect(panel.getByText('请填写姓名和理由')).toBeVisible()
    await panel.getByLabel('姓名').fill('甲')
    await panel.getByLabel('理由').fill('改为现场核对')
    await panel.getByRole('button', { name: '确认取消' }).click()
    await expect(panel.getByText('已取消').first()).toBeVisible()
    await expect(panel.getByRole('button', { name: '取消命令' })).toBeHidden()
    const again = await request.post(`/api/orders/${order!.id}/cancel`, { data: { name: '甲', reason: '再次' } })
    expect(again.status()).toBe(409)
  } finally {
    silent.close()
  }
})

test('a change of the profile says what it will change, and stands in the history', async ({ page, request }) => {
  const device = await talking(request)
  const wanted = device.profile.recount === 4 ? 3 : 4
  await page.goto(`/devices/${encodeURIComponent(device.mn)}`)
  await page.getByRole('button', { name: '修改档案' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('没有改变。')).toBeVisible()
  await expect(dialog.getByRole('button', { name: '修改', exact: true })).toBeDisabled()
  await dialog.getByLabel('重发次数').fill(String(wanted))
  await expect(dialog.getByRole('region', { name: '将要改变' })).toContainText(`重发次数 ${device.profile.recount} → ${wanted}`)
  await dialog.getByLabel('姓名').fill('值班员丙')
  await dialog.getByLabel('理由').fill(`线路不稳，改为 ${wanted} 次`)
  await dialog.getByRole('button', { name: '修改', exact: true }).click()
  await expect(dialog).toBeHidden()
  const profile = page.getByRole('region', { name: '通讯档案' })
  await profile.getByText('变更记录').click()
  await expect(profile.getByText(`值班员丙: 线路不稳，改为 ${wanted} 次`).first()).toBeVisible()
  expect((await ask<{ device: Device }>(request, at(device.mn))).device.profile.recount).toBe(wanted)
})

test('a key of another length than sixteen bytes is not sent', async ({ page, request }) => {
  const device = await talking(request)
  await page.goto(`/devices/${encodeURIComponent(device.mn)}?do=key`)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('密钥（16 个字符）').fill('short')
  await expect(dialog.getByText('密钥须为 16 字节，现为 5')).toBeVisible()
  await dialog.getByLabel('姓名').fill('甲')
  await dialog.getByLabel('理由').fill('试')
  let sent = false
  page.on('request', (outgoing) => (sent ||= outgoing.url().endsWith('/key')))
  await dialog.getByRole('button', { name: '登记密钥' }).click()
  await expect(dialog).toBeVisible()
  expect(sent).toBe(false)
})

test('a day of the year is chosen by keyboard, says what is missing, and is asked for again', async ({ page, request }) => {
  interface Day {
    day: string
    cn: string
    share: { expected: number; received: number; share: number }
  }
  const year = new Date(Date.now() + 8 * 3_600_000).getUTCFullYear()
  let found: { mn: string; day: Day } | undefined
  await expect
    .poll(
      async () => {
        for (const device of (await all(request)).filter((candidate) => candidate.registered && candidate.frames > 0)) {
          const { days } = await ask<{ days: Day[] }>(request, at(device.mn, `/completeness?year=${year}`))
          // A whole day: of the present one the last interval may just be ending.
          const day = days.find((each) => each.cn === '2061' && each.share.expected > 0)
          if (day) return (found = { mn: device.mn, day })
        }
        return undefined
      },
      { timeout: 30_000 },
    )
    .toBeTruthy()
  const { mn, day } = found!
  // The demonstration loses nothing: one interval is taken out of the answer on its way to the page.
  await page.route('**/completeness?year=*', async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { days: Day[] }
    for (const each of body.days) if (each.day === day.day && each.cn === '2061') each.share = { ...each.share, received: each.share.expected - 1 }
    await route.fulfill({ response: answer, json: body })
  })
  await page.goto(`/devices/${encodeURIComponent(mn)}`)
  const calendar = page.getByRole('application', { name: `数据齐全率 ${year}` })
  await expect(calendar.locator('canvas').first()).toBeVisible()
  await calendar.focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`day=${year}-\\d\\d-\\d\\d`))
  await page.goto(`/devices/${encodeURIComponent(mn)}?day=${day.day}`)
  await expect(page.getByText('缺 1 个时段')).toBeVisible()
  await page.getByRole('button', { name: '补采 2061' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('BeginTime')).toHaveValue(new RegExp(`^${day.day}T00:00`))
  await expect(dialog.getByLabel('EndTime')).toHaveValue(new RegExp(`^${day.day}T\\d\\d:00`))
  await expect(dialog.getByRole('region', { name: '将要发送的通讯包' })).toContainText(`BeginTime=${day.day.replace(/-/g, '')}000000`)
})

test('the report of conformance agrees with the server and is exported', async ({ page, request }) => {
  const report = await ask<{ kinds: { code: string; name: Name }[]; vendors: { vendor: string }[]; devices: { mn: string }[] }>(request, '/api/conformance')
  await page.goto('/conformance')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('规约符合性')
  if (report.kinds.length > 0) {
    const matrix = page.getByRole('table', { name: '厂商与偏离' })
    for (const kind of report.kinds) await expect(matrix.getByText(kind.name.zh, { exact: true })).toBeVisible()
    await expect(matrix.locator('thead th')).toHaveCount(report.vendors.length + 1)
    const rows = page.getByRole('table', { name: '各现场机' }).locator('tbody tr[data-at]')
    await rows.first().focus()
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog', { name: '规约偏离' })
    await expect(panel.getByRole('link', { name: /\d\d:\d\d$/ }).first()).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(panel).toBeHidden()
  } else await expect(page.getByText(/^没有偏离/).first()).toBeVisible()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: '导出报告 CSV' }).click()
  const parts: Buffer[] = []
  for await (const part of await (await download).createReadStream()) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString('utf8')
  expect(text.startsWith('\ufeff')).toBe(true)
  for (const { mn } of report.devices.slice(0, 50)) expect(text).toContain(mn)
})

test('a device that does not exist is said to be not found', async ({ page, quiet }) => {
  quiet.expected.push(/404/)
  await page.goto('/devices/NO-SUCH-DEVICE')
  await expect(page.getByRole('alert').first()).toContainText('没有找到')
})

for (const [language, theme] of [['zh', 'light'], ['en', 'dark']] as const) {
  test(`device screens and dialogs fit a phone of 390 px (${language}, ${theme})`, async ({ page, request }) => {
    const device = await talking(request)
    const mn = encodeURIComponent(device.mn)
    await page.setViewportSize({ width: 390, height: 844 })
    await page.addInitScript(
      ([locale, look]) => {
        localStorage.setItem('mingjian.locale', JSON.stringify(locale))
        localStorage.setItem('mingjian.theme', JSON.stringify(look))
      },
      [language, theme] as const,
    )
    for (const path of ['/devices', `/devices/${mn}`, `/devices/${mn}?do=send`, `/devices/${mn}?do=profile`, `/devices/${mn}?do=key`, '/conformance']) {
      await page.goto(path)
      await page.waitForTimeout(800)
      const wide = await page.evaluate(() => {
        const main = document.querySelector('main')!
        const dialog = document.querySelector('dialog .body')
        return [document.documentElement.scrollWidth - window.innerWidth, main.scrollWidth - main.clientWidth, dialog ? dialog.scrollWidth - dialog.clientWidth : 0]
      })
      expect(wide, path).toEqual([0, 0, 0])
    }
  })
}
