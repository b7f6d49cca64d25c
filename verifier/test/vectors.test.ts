import { describe, expect, it } from 'vitest'

import { base64, hex, unhex, utf8 } from '../src/bytes'
import { decimalOf, decimalsOf, quotient, readDecimal, writeDecimal } from '../src/decimal'
import { readCheckpoint, readKey, readNote, signaturesOf, sm2Right } from '../src/note'
import { leafHash, rootOf, sha256, sm3, type Hash, type ProofNode } from '../src/tree'
import { digest, mth, note, proofNodes, TestKey, witnesses, type Algorithm } from './builder'

describe('SM3, GB/T 32905-2016 annex A', () => {
  it.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('%s', (text, expected) => expect(hex(sm3(utf8(text)))).toBe(expected))
})

describe('SM2, GB/T 32918.5-2017 annex A', () => {
  const key = unhex('0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13')
  const r = 'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3'
  const s = 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa'
  const order = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'
  const message = utf8('message digest')
  it('accepts the signature of the standard', () => expect(sm2Right(key, message, unhex(r + s))).toBe(true))
  it.each([
    ['another message', 'message digesu', r + s], ['r and s exchanged', 'message digest', s + r], ['r = 0', 'message digest', '0'.repeat(64) + s],
    ['s = 0', 'message digest', r + '0'.repeat(64)], ['s = n', 'message digest', r + order], ['r = n', 'message digest', order + s],
    ['a byte too few', 'message digest', (r + s).slice(2)], ['a byte too many', 'message digest', `${r + s}00`],
  ])('refuses %s', (_, text, signature) => {
    let right = false
    try {
      right = sm2Right(key, utf8(text), unhex(signature))
    } catch {
      // The library throws for what is no scalar; a note treats that as a wrong signature.
    }
    expect(right).toBe(false)
  })
  it('refuses the signature under another or an empty user id', () => {
    expect(sm2Right(key, message, unhex(r + s), '1234567812345679')).toBe(false)
    expect(sm2Right(key, message, unhex(r + s), '')).toBe(false)
  })
})

describe('signed notes', () => {
  it('accepts the example of c2sp.org/signed-note', () => {
    const key = readKey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k')
    const text = 'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'
    expect(signaturesOf(readNote(text), key)).toHaveLength(1)
    expect(() => signaturesOf(readNote(text.replace('an example', 'no example')), key)).toThrow('wrong')
    expect(signaturesOf(readNote(text.replace('— example.com/foo ', '— example.com/bar ')), key)).toHaveLength(0)
  })
  it('accepts the example of evidence-log.md: key of RFC 8032 §7.1 test 1, root of the reference tree of RFC 6962', () => {
    const key = readKey('mingjian.example/log+39c62890+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea')
    const text = 'mingjian.example/log\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n— mingjian.example/log OcYokD4fcR5NYxti+OJZqvzx+Qy/eXMT4UB+s4dnEqhC/u7iHcSzQ04h2m/kR5066J9Vg+I0HIQRsVXx5YtGvi7nYgU=\n'
    const read = readNote(text)
    expect(signaturesOf(read, key)).toHaveLength(1)
    expect(readCheckpoint(read.text)).toMatchObject({ origin: 'mingjian.example/log', size: 8, sm3Root: undefined })
  })
  it('gives the time of a cosignature, and refuses one whose time was changed', () => {
    const witness = witnesses[0]!
    const signed = note('log.example\n1\nAAAA\n', [witness], { seconds: 1_700_000_000 })
    expect(signaturesOf(readNote(signed), readKey(witness.vkey))).toEqual([1_700_000_000])
    const line = signed.trimEnd().split(' ').at(-1)!
    const bytes = Buffer.from(line, 'base64')
    bytes[11]! ^= 1
    expect(() => signaturesOf(readNote(signed.replace(line, bytes.toString('base64'))), readKey(witness.vkey))).toThrow('wrong')
  })
  it.each([
    'no signature\n', 'text\n\n', 'text\n\n— name AAAA\n', 'text\n\n— na+me AAAAAAA=\n', 'text\n\n— name AAAAAAA= \n', 'text\n\n— name AAAAAAB=\n',
    'te\txt\n\n— name AAAAAAA=\n', 'text\n\n— name AAAAAAA=', `text\n\n${'— name AAAAAAA=\n'.repeat(65)}`,
  ])('refuses the form of %j', (text) => expect(() => readNote(text)).toThrow())
  it.each([
    'name', 'name+00000000+AQ==', 'example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    'exam ple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k', new TestKey('x', 'sm2', 9).vkey.replace(/....$/, 'AAA='),
  ])('refuses %j as a key', (text) => expect(() => readKey(text)).toThrow())
  it.each(['x\n01\n', 'x\n-1\n', '\n1\n', 'x\n9007199254740993\n'])('refuses a checkpoint that begins %j', (head) => {
    expect(() => readCheckpoint(`${head}XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n`)).toThrow()
  })
})

describe('the tree', () => {
  // The reference tree of Certificate Transparency: RFC 6962 test data of its reference implementation.
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(unhex)
  it.each([
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'], [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'], [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'], [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'], [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('of %i reference leaves has the published root', async (size, root) => {
    const given = leaves.slice(0, size).map((leaf, index) => ({ index, hash: leafHash(sha256, leaf) }))
    expect(hex(await rootOf(sha256, size, given, []))).toBe(root)
  })
  const hashes: [Algorithm, Hash][] = [['sha256', sha256], ['sm3', sm3]]
  it.each(hashes)('is that of RFC 6962 for any entries of any size, %s; wrong nodes are refused', async (algorithm, hash) => {
    let seed = 1
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below
    for (const size of [...Array.from({ length: 34 }, (_, i) => i + 1), 63, 64, 65, 127, 128, 129, 255, 256, 257]) {
      const all = Array.from({ length: size }, (_, i) => digest(algorithm, Buffer.from(`leaf ${i}`)))
      const root = mth(algorithm, all).toString('hex')
      for (let round = 0; round < 3; round++) {
        const held = [...new Set(Array.from({ length: 1 + random(Math.min(size, 9)) }, () => random(size)))].sort((a, b) => a - b)
        const given = held.map((index) => ({ index, hash: all[index]! }))
        const nodes = proofNodes(algorithm, all, held).map(([level, index, text]): ProofNode => [level, index, base64(text)!])
        const compute = async (changed: typeof nodes, leavesGiven = given, of = size) => {
          try {
            return hex(await rootOf(hash, of, leavesGiven, changed))
          } catch {
            return 'refused'
          }
        }
        expect(await compute(nodes), `${size}: ${held}`).toBe(root)
        expect(await compute([...nodes, [0, 0, nodes[0]?.[2] ?? Buffer.alloc(32)]])).toBe('refused')
        expect(await compute(nodes, given.slice(1))).not.toBe(root)
        expect(await compute(nodes, [...given, { index: size, hash: all[0]! }])).toBe('refused')
        if (nodes.length === 0) continue
        const at = random(nodes.length)
        expect(await compute(nodes.filter((_, i) => i !== at))).toBe('refused')
        expect(await compute(nodes.map((each, i) => (i === at ? [each[0] + 1, each[1], each[2]] : each)))).toBe('refused')
        expect(await compute(nodes.map((each, i) => (i === at ? [each[0], each[1], Buffer.alloc(32)] : each)))).not.toBe(root)
        if (nodes.length > 1) expect(await compute([...nodes].reverse())).toBe('refused')
      }
    }
  })
})

describe('decimals', () => {
  // GB/T 8170-2008 §3.2: the examples of the standard for rounding to a place behind the point.
  it.each([
    ['12.1498', 1, '12.1'], ['12.1498', 0, '12'], ['10.502', 0, '11'], ['1.050', 1, '1.0'], ['0.35', 1, '0.4'], ['-36.5', 0, '-36'], ['-35.5', 0, '-36'],
    ['15.4546', 0, '15'], ['0.5', 0, '0'], ['-0.4', 0, '0'], ['2.5000000000000001', 0, '3'],
  ])('%s to %i decimals is %s', (text, decimals, expected) => expect(quotient(decimalOf(text), 1, decimals)).toBe(expected))
  it('rounds as the quotient of whole numbers does, whatever the numbers', () => {
    let seed = 7
    const random = () => (seed = (seed * 48271) % 2147483647)
    for (let round = 0; round < 3000; round++) {
      const [above, below, decimals] = [BigInt(random()) * (round % 2 ? 1n : -1n), BigInt(1 + (random() % 64)), random() % 7]
      const scaled = above * 10n ** BigInt(decimals)
      const floor = scaled / below - (scaled % below < 0n ? 1n : 0n)
      const twice = 2n * (scaled - floor * below)
      const even = floor + (twice > below || (twice === below && floor % 2n !== 0n) ? 1n : 0n)
      const up = floor + (twice > 0n ? 1n : 0n)
      const number = (text: string) => BigInt(text.replace('.', ''))
      expect(number(quotient(decimalOf(String(above)), Number(below), decimals))).toBe(even)
      expect(number(quotient(decimalOf(String(above)), Number(below), decimals, 'up'))).toBe(up)
    }
  })
  it.each(['', ' ', '.', '1e3', '0x1', '1.2.3', '--1', '1 2', '\t1', '1234567890123456789', '0.1234567890123456789', 'Infinity', 'NaN'])('%j is no number', (text) => {
    expect(readDecimal(text)).toBeUndefined()
  })
  it.each([[' +5 ', '5'], ['.5', '0.5'], ['7.', '7'], ['-0', '0'], ['-.50', '-0.5'], ['000000000000000000000012', '12'], ['0.000000000000000001', '0.000000000000000001']])(
    '%j is read and written as %s', (text, expected) => expect(writeDecimal(decimalOf(text))).toBe(expected))
  it('counts the decimals as written', () => expect(['35.20', '7.', '.5', ' 1 '].map(decimalsOf)).toEqual([2, 0, 1, 0]))
})

describe('Base64', () => {
  it.each(['A', 'AA', 'AAA', 'A===', 'AB==', 'AAB=', 'AA=A', 'AAAA\n', 'AA-_', '====', 'AA==AA=='])('refuses %j', (text) => expect(base64(text)).toBeUndefined())
  it.each(['', 'AAAA', 'AAA=', 'AA==', '/w==', '//8='])('reads %j', (text) => expect(Buffer.from(base64(text)!).toString('base64')).toBe(text))
})
