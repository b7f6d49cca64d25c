// One file each, with the libraries inside: dist/cli.js runs wherever Node is, without node_modules. `node build.mjs [FOLDER]`
import { build } from 'esbuild'

const folder = process.argv[2] ?? 'dist'
for (const [entry, platform] of [['index', 'neutral'], ['cli', 'node']]) {
  await build({
    entryPoints: [`src/${entry}.ts`], outfile: `${folder}/${entry}.js`, platform,
    mainFields: ['module', 'main'], conditions: ['import'], bundle: true, format: 'esm', target: 'es2022', legalComments: 'inline',
  })
}
