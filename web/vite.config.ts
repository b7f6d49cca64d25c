import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'

// The page of the contract is drawn by this client, although its address lies under /api.
const clientPages = new Set(['/api/docs'])

export default defineConfig({
  plugins: [vue(), Components({ dirs: [], resolvers: [ElementPlusResolver()], dts: false })],
  resolve: {
    alias: [
      { find: '@', replacement: fileURLToPath(new URL('./src', import.meta.url)) },
      { find: '@verifier', replacement: fileURLToPath(new URL('../verifier/src', import.meta.url)) },
      { find: /^crypto$/, replacement: fileURLToPath(new URL('./src/lib/noNodeCrypto.ts', import.meta.url)) },
    ],
    // The verifier is a package of its own; what both use is loaded once, and from here.
    dedupe: ['@noble/curves', '@noble/hashes', '@noble/ciphers', 'sm-crypto-v2'],
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: {
      '/api': {
        target: 'http://127.0.0.1:8080',
        bypass: (request) => (clientPages.has((request.url ?? '').split('?')[0]!) ? '/index.html' : undefined),
      },
      '/trust': 'http://127.0.0.1:8080',
    },
  },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 600,
    rollupOptions: {
      output: {
        manualChunks: (id) => {
          // Only the device screen shows a year of days: the overview does not load the parts for it.
          if (/\/node_modules\/echarts\/lib\/(chart\/heatmap|(component|coord)\/calendar|component\/visualMap)/.test(id)) return 'echarts-calendar'
          // Only the analysis and the element pages draw bars.
          if (/\/node_modules\/echarts\/lib\/chart\/bar\//.test(id)) return 'echarts-bars'
          if (id.includes('/node_modules/echarts/') || id.includes('/node_modules/zrender/')) return 'echarts'
          if (/\/node_modules\/(@vue|vue|vue-router|pinia|vue-i18n|@intlify)\//.test(id)) return 'vue'
          return undefined
        },
      },
    },
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node', setupFiles: ['test/setup.ts'] },
})
