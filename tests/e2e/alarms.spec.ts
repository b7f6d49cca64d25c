import { ask, expect, test, type Alarm } from './watch'

async function unacknowledged(request: Parameters<typeof ask>[0]): Promise<Alarm | undefined> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const found = (await ask<Alarm[]>(request, '/api/alarms?state=all&limit=200')).find((alarm) => alarm.acknowledged === null)
    if (found || Date.now() > deadline) return found
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

test('an alarm is acknowledged with a name and a reason, and what was typed survives a reload', async ({ page, request }) => {
  test.setTimeout(120_000)
  const alarm = await unacknowledged(request)
  test.skip(alarm === undefined, 'the server has raised no alarm within a minute')
  await page.goto(`/alarms?id=${alarm!.id}`)
  const panel = page.getByRole('dialog')
  await panel.getByRole('button', { name: '确认报警' }).click()
  await expect(panel.getByText('请填写姓名和理由')).toBeVisible()
  await panel.getByLabel('姓名').fill('值班员甲')
  await panel.getByLabel('理由').fill('已电话核实，工况调整')
  await page.reload()
  await expect(panel.getByLabel('理由')).toHaveValue('已电话核实，工况调整')
  await expect(panel.getByLabel('姓名')).toHaveValue('值班员甲')
  await panel.getByRole('button', { name: '确认报警' }).click()
  await expect(panel.getByText('已电话核实，工况调整')).toBeVisible()
  await expect(panel.getByText(/值班员甲 确认于/)).toBeVisible()

  // The act stands in the evidence log and cannot be done twice.
  const after = (await ask<(Alarm & { acknowledged: { name: string; entry?: number } })[]>(request, '/api/alarms?state=all&limit=200')).find(({ id }) => id === alarm!.id)!
  expect(after.acknowledged.name).toBe('值班员甲')
  const again = await request.post(`/api/alarms/${alarm!.id}/acknowledge`, { data: { name: '乙', reason: '再次' } })
  expect(again.status()).toBe(409)
})

test('an acknowledgement without a reason is refused by the server too', async ({ request }) => {
  test.setTimeout(120_000)
  const alarm = await unacknowledged(request)
  test.skip(alarm === undefined, 'the server has raised no alarm within a minute')
  const answer = await request.post(`/api/alarms/${alarm!.id}/acknowledge`, { data: { name: '甲', reason: '  ' } })
  expect(answer.status()).toBe(400)
  expect(((await answer.json()) as { error: { code: string } }).error.code).toBe('invalid_input')
})

test('the panel closes with Esc and gives the focus back to the row', async ({ page, request }) => {
  const alarms = await ask<Alarm[]>(request, '/api/alarms')
  test.skip(alarms.length === 0, 'no alarm yet')
  await page.goto('/alarms')
  const row = page.getByRole('table', { name: '报警' }).locator('tbody tr[data-at]').first()
  await row.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(row).toBeFocused()
})
