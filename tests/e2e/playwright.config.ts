import { defineConfig } from '@playwright/test'

/**
 * The screens against a running server with traffic (`mingjian demo`).
 *   MJ_URL       where it listens, http://127.0.0.1:8080 if not said
 *   MJ_CHROMIUM  the browser, /usr/bin/chromium if not said
 */
export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  timeout: 45_000,
  expect: { timeout: 10_000 },
  workers: 1,
  fullyParallel: false,
  reporter: [['list']],
  use: {
    baseURL: process.env.MJ_URL ?? 'http://127.0.0.1:8080',
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.MJ_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
  },
})
