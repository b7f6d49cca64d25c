import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { verifyBundle } from './index'
const kSigns = { passed: '✓', failed: '✗', absent: '–' }
/** Exit status: 0 all good, 1 not, 2 wrong usage or a file that cannot be read. */
function main(): number {
  const { values, positionals } = parseArgs({ options: { trust: { type: 'string' }, json: { type: 'boolean' } }, allowPositionals: true })
  if (positionals.length === 0) throw new Error('usage: node cli.js FILE… [--trust FILE] [--json]')
  const trust = values.trust === undefined ? '' : readFileSync(values.trust, 'utf8')
  let status = 0
  for (const file of positionals) {
    const verdict = verifyBundle(readFileSync(file), trust)
    const { ok, trusted, subject, value, checks } = verdict
    if (!ok) status = 1
    const lines = checks.map(({ id, outcome, text }) => `  ${kSigns[outcome]} ${id.padEnd(11)} ${text}\n`).join('')
    const end = !ok ? 'REFUSED' : trusted ? 'OK' : 'OK, but the keys are those of the bundle itself'
    console.log(values.json ? JSON.stringify(verdict) : `${file}: ${subject} ${value}\n${lines}${end}`)
  }
  return status
}
try { process.exitCode = main() } catch (error) {
  console.error((error as Error).message)
  process.exitCode = 2
}
