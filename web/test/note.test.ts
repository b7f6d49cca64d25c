import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { describe, expect, it } from 'vitest'

import { fromHex, toHex } from '@/lib/bytes'
import { hasher } from '@/lib/hashes'
import { parseCheckpoint, parseNote, parseVerifierKey, signedBy, verifyEd25519, verifySm2 } from '@/lib/note'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const id = (name: string, typed: Uint8Array): Buffer => createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4)
const vkey = (name: string, typed: Uint8Array): string => `${name}+${id(name, typed).toString('hex')}+${Buffer.from(typed).toString('base64')}`

describe('SM3', () => {
  it('gives the digests of GB/T 32905-2016 annex A', async () => {
    const sm3 = await hasher('sm3')
    expect(toHex(sm3(utf8('abc')))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
    expect(toHex(sm3(utf8('abcd'.repeat(16))))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732')
  })
})

describe('Ed25519', () => {
  it('accepts test 1 of RFC 8032 §7.1 and refuses it with one bit changed', async () => {
    const key = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
    const signature = fromHex('e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b')
    expect((await verifyEd25519(key, signature, new Uint8Array())).valid).toBe(true)
    signature[0]! ^= 1
    expect((await verifyEd25519(key, signature, new Uint8Array())).valid).toBe(false)
  })
})

describe('SM2', () => {
  // GB/T 32918.5-2017 annex A.2.
  const key = fromHex('0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13')
  const signature = fromHex('f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa')
  const message = utf8('message digest')
  it('accepts the signature printed in the standard', async () => {
    expect(await verifySm2(key, signature, message)).toBe(true)
  })
  it('refuses another message, another user id, a changed or cut signature and a point off the curve', async () => {
    expect(await verifySm2(key, signature, utf8('message digesT'))).toBe(false)
    expect(await verifySm2(key, signature, message, 'ALICE123@YAHOO.COM')).toBe(false)
    expect(await verifySm2(key, fromHex(toHex(signature).replace(/a$/, 'b')), message)).toBe(false)
    expect(await verifySm2(key, signature.subarray(0, 63), message)).toBe(false)
    expect(await verifySm2(fromHex(toHex(key).replace(/3$/, '4')), signature, message)).toBe(false)
  })
})

describe('a signed note', () => {
  // The example of the documentation of golang.org/x/mod/sumdb/note.
  const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const note =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
  it('of the Go implementation verifies under its key', async () => {
    const verifier = parseVerifierKey(key)
    expect(verifier.kind).toBe('ed25519')
    expect(toHex(verifier.hash)).toBe('c74f20a3')
    expect(await signedBy(parseNote(note), verifier)).toMatchObject({ valid: true })
    expect(await signedBy(parseNote(note.replace('cryptography', 'Cryptography')), verifier)).toMatchObject({ valid: false })
  })
  it('is refused under a key whose short hash does not fit', () => {
    expect(() => parseVerifierKey(key.replace('c74f20a3', 'c74f20a4'))).toThrow('hash')
  })
  it('without a signature is refused', () => {
    expect(() => parseNote('text\n')).toThrow(RangeError)
    expect(() => parseCheckpoint('origin\nmany\nroot\n')).toThrow(RangeError)
  })
  it('says so when a key did not sign it', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
    const found = await signedBy(parseNote(note), parseVerifierKey(vkey('PeterNeumann', Buffer.concat([Buffer.from([1]), other]))))
    expect(found).toMatchObject({ signature: null, valid: false })
  })
})

describe('a checkpoint', () => {
  const root = Buffer.alloc(32, 7)
  const sm3Root = Buffer.alloc(32, 9)
  const text = `example.test/log\n12\n${root.toString('base64')}\nsm3 ${sm3Root.toString('base64')}\n`
  it('is read with the root of the SM3 tree; that of a foreign log has none', () => {
    expect(parseCheckpoint(text)).toEqual({ origin: 'example.test/log', size: 12, root: root.toString('hex'), sm3Root: sm3Root.toString('hex') })
    expect(parseCheckpoint(text.replace(/sm3 .*\n/, '')).sm3Root).toBeNull()
    expect(() => parseCheckpoint(text.replace(/sm3 .*\n/, 'sm3 AAAA\n'))).toThrow(RangeError)
  })
  it('signed by SM2 verifies under the vkey of type 0xff "SM2-SM3", and not when its text was changed', async () => {
    const pair = sm2.generateKeyPairHex()
    const typed = Buffer.concat([Buffer.from([0xff]), Buffer.from('SM2-SM3'), Buffer.from(pair.publicKey, 'hex')])
    const name = 'example.test/log'
    const raw = sm2.doSignature(utf8(text), pair.privateKey, { hash: true, der: false, publicKey: pair.publicKey, userId: '1234567812345678' })
    const note = `${text}\n\u2014 ${name} ${Buffer.concat([id(name, typed), Buffer.from(raw, 'hex')]).toString('base64')}\n`
    const key = parseVerifierKey(vkey(name, typed))
    expect(key.kind).toBe('sm2')
    expect(await signedBy(parseNote(note), key)).toMatchObject({ valid: true })
    expect(await signedBy(parseNote(note.replace('\n12\n', '\n13\n')), key)).toMatchObject({ valid: false })
  })
  it('cosigned by a witness gives the time of the cosignature, and not when that time was changed', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const typed = Buffer.concat([Buffer.from([4]), publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)])
    const name = 'witness.test/w1'
    const time = Buffer.alloc(8)
    time.writeBigUInt64BE(1679315147n)
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime 1679315147\n${text}`), privateKey)
    const noteAt = (stamp: Buffer): string => `${text}\n\u2014 ${name} ${Buffer.concat([id(name, typed), stamp, signature]).toString('base64')}\n`
    const key = parseVerifierKey(vkey(name, typed))
    expect(await signedBy(parseNote(noteAt(time)), key)).toMatchObject({ valid: true, at: 1_679_315_147_000 })
    time[7]! ^= 1
    expect(await signedBy(parseNote(noteAt(time)), key)).toMatchObject({ valid: false })
  })
})
