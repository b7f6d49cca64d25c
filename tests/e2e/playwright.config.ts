import { defineConfig } from '@playwright/test'

/**
 * The screens against a running system: a demonstration started for these tests, or the one at MJ_URL.
 *   MJ_URL       a server with traffic that already runs
 *   MJ_BINARY    the program to start otherwise, build/release/mingjian if not said
 *   MJ_CHROMIUM  the browser, /usr/bin/chromium if not said
 */
const port = 18080
const running = process.env.MJ_URL
const program = process.env.MJ_BINARY ?? '../../build/release/mingjian'
const data = '../../build/e2e-data'

export default defineConfig({
  testDir: '.',
  outputDir: 'results',
  timeout: 45_000,
  expect: { timeout: 10_000 },
  workers: 1,
  fullyParallel: false,
  reporter: [['list']],
  ...(running
    ? {}
    : {
        webServer: {
          command: `rm -rf ${data} && exec ${program} demo --data ${data} --http-port ${port} --hj212-port 0 --quiet`,
          url: `http://127.0.0.1:${port}/api/overview`,
          timeout: 60_000,
        },
      }),
  use: {
    baseURL: running ?? `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.MJ_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
  },
})
