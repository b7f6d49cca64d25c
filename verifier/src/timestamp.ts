import { p256, p384, p521 } from '@noble/curves/nist'
import { sha1 } from '@noble/hashes/legacy'
import { sha384, sha512 } from '@noble/hashes/sha2'
import * as asn1 from 'asn1js'

import { base64, demand, equal, hex, join, refuse, unhex } from './bytes'
import { kPem } from './note'
import { sha256, type Hash } from './tree'
const [kSha256, kSha384, kSha512] = ['2.16.840.1.101.3.4.2.1', '2.16.840.1.101.3.4.2.2', '2.16.840.1.101.3.4.2.3'] as const
/** The function, and the DER of DigestInfo in front of the hash: RFC 8017 §9.2 note 1. */
const kDigests: Record<string, [Hash, string]> = {
  [kSha256]: [sha256, '3031300d060960864801650304020105000420'],
  [kSha384]: [sha384, '3041300d060960864801650304020205000430'],
  [kSha512]: [sha512, '3051300d060960864801650304020305000440'],
}
/** Digests of the signature algorithms that name one: RSA PKCS#1 v1.5 and ECDSA. */
const kSignatures: Record<string, string> = {
  '1.2.840.113549.1.1.11': kSha256, '1.2.840.113549.1.1.12': kSha384, '1.2.840.113549.1.1.13': kSha512,
  '1.2.840.10045.4.3.2': kSha256, '1.2.840.10045.4.3.3': kSha384, '1.2.840.10045.4.3.4': kSha512,
}
const kCurves: Record<string, typeof p256> = { '1.2.840.10045.3.1.7': p256, '1.3.132.0.34': p384, '1.3.132.0.35': p521 }
const [kRsa, kTstInfo] = ['1.2.840.113549.1.1.1', '1.2.840.113549.1.9.16.1.4']
type Der = asn1.AsnType
/** One DER value that fills `bytes`. */
function readDer(bytes: Uint8Array): Der {
  const { offset, result } = asn1.fromBER(bytes)
  demand(offset === bytes.length, 'the DER is malformed or has bytes behind its end')
  return result
}
/** What stands for a missing part: a NULL, which fits nowhere. */
const kNothing: Der = new asn1.Null()
const parts = (of: Der): Der[] => (of instanceof asn1.Constructed ? (of.valueBlock.value as Der[]) : [])
const part = (of: Der, ...path: number[]): Der => path.reduce((each, at) => parts(each)[at] ?? kNothing, of)
const tagged = (list: Der[], tag: number): Der | undefined => list.find(({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === tag)
const whole = (of: Der): Uint8Array => of.valueBeforeDecodeView
const content = (of: Der): Uint8Array => ('valueHexView' in of.valueBlock ? (of.valueBlock.valueHexView as Uint8Array) : new Uint8Array())
const oid = (of: Der): string => (of instanceof asn1.ObjectIdentifier ? of.getValue() : '')
const dateOf = (of: Der): Date => (of instanceof asn1.UTCTime ? of.toDate() : refuse('a time is none'))
const number = (bytes: Uint8Array): bigint => BigInt(`0x0${hex(bytes)}`)
/** RFC 5280 §4.1. Extensions by OID: critical or not, and the value. */
function readCertificate(der: Der) {
  const [, serial, , issuer, validity, subject, publicKey, ...rest] = parts(part(der, 0))
  demand(serial && issuer && validity && subject && publicKey, 'a certificate is none of version 3')
  const extensions = parts(part(tagged(rest, 3) ?? kNothing, 0)).map((each): [string, [boolean, Der]] =>
    [oid(part(each, 0)), [parts(each).length > 2, readDer(content(parts(each).at(-1)!))]])
  return {
    whole: whole(der), serial: whole(serial), issuer: whole(issuer), validity, subject: whole(subject), publicKey,
    extensions: new Map(extensions), signed: whole(part(der, 0)), algorithm: oid(part(der, 1, 0)), signature: content(part(der, 2)),
  }
}
type Certificate = ReturnType<typeof readCertificate>
/** RFC 8017 §8.2.2: the one encoding that the message may have is compared as a whole. */
function rsaRight(publicKey: Der, digestInfo: Uint8Array, signature: Uint8Array): boolean {
  const [n, e, s] = [number(content(part(publicKey, 0))), number(content(part(publicKey, 1))), number(signature)]
  const length = Math.ceil(n.toString(16).length / 2)
  if (length < 256 || length > 2048 || length !== signature.length || e > 2n ** 32n || s >= n) return false
  let power = 1n
  for (const bit of e.toString(2)) power = (power * power * (bit === '1' ? s : 1n)) % n
  const padding = new Uint8Array(length - digestInfo.length - 3).fill(0xff)
  return power === number(join(Uint8Array.of(0, 1), padding, Uint8Array.of(0), digestInfo))
}
/** A signature of the key of `by` over `message`; `digest` is an OID. */
function signedBy({ publicKey }: Certificate, digest: string | undefined, message: Uint8Array, signature: Uint8Array): boolean {
  const [hash, prefix] = kDigests[digest ?? ''] ?? refuse('the digest of a signature is none of SHA-256, SHA-384, SHA-512')
  const key = content(part(publicKey, 1))
  if (oid(part(publicKey, 0, 0)) === kRsa) return rsaRight(readDer(key), join(unhex(prefix), hash(message)), signature)
  const curve = kCurves[oid(part(publicKey, 0, 1))] ?? refuse('a certificate has a key of an unknown kind')
  return curve.verify(signature, hash(message), key, { prehash: false, lowS: false, format: 'der' })
}
/** True when a certificate leads to a trusted one; every certificate on the way was valid then. */
function chains(of: Certificate, trusted: Certificate[], others: Certificate[], at: Date, below = 0): boolean {
  const valid = dateOf(part(of.validity, 0)) <= at && at <= dateOf(part(of.validity, 1))
  demand(valid, `a certificate of the authority was not valid on ${at.toISOString()}`)
  // Understood are keyUsage, basicConstraints, certificatePolicies, extKeyUsage.
  const odd = [...of.extensions].find(([id, [critical]]) => critical && !/^2\.5\.29\.(15|19|32|37)$/.test(id))
  demand(!odd, `a certificate has the critical extension ${odd?.[0]}, which is not understood`)
  if (trusted.some((each) => equal(each.whole, of.whole))) return true
  return below < 8 && [...trusted, ...others].some((issuer) => {
    const [authority, pathLength] = parts(issuer.extensions.get('2.5.29.19')?.[1] ?? kNothing).map(content)
    const usage = issuer.extensions.get('2.5.29.15')?.[1]
    const may = authority?.[0] && (!pathLength || below <= number(pathLength)) && (!usage || (content(usage)[0] ?? 0) & 0x04)
    return issuer !== of && equal(issuer.subject, of.issuer) && may &&
      signedBy(issuer, kSignatures[of.algorithm], of.signed, of.signature) && chains(issuer, trusted, others, at, below + 1)
  })
}
/** RFC 3161 §2.4.1, RFC 5816: a signed attribute names the certificate of the signer. */
function namesSigner(attribute: (id: string) => Der, signer: Certificate): boolean {
  const second = attribute('1.2.840.113549.1.9.16.2.47')
  const named = parts(part(second, 0, 0))
  const [hash, value] = named[0] instanceof asn1.Sequence ? [kDigests[oid(part(named[0], 0))]?.[0] ?? sha256, named[1]]
    : named[0] ? [sha256, named[0]] : [sha1, part(attribute('1.2.840.113549.1.9.16.2.12'), 0, 0, 0)]
  return value !== undefined && equal(hash(signer.whole), content(value))
}
/** Checks a time-stamp response over a SHA-256 digest (RFC 3161, RFC 5652); returns the time that it states. */
export function timestampOver(digest: Uint8Array, response: Uint8Array, trustedPem: string): Date {
  const der = readDer(response)
  const token = part(der, 1)
  demand(number(content(part(der, 0, 0))) < 2n && oid(part(token, 0)) === '1.2.840.113549.1.7.2', 'the authority refused the request')
  const data = parts(part(token, 1, 0))
  const body = content(part(token, 1, 0, 2, 1, 0))
  demand(oid(part(token, 1, 0, 2, 0)) === kTstInfo, 'the token is no time stamp')
  const info = readDer(body)
  demand(oid(part(info, 2, 0, 0)) === kSha256 && equal(content(part(info, 2, 1)), digest), 'the time stamp is over something else')
  const at = dateOf(part(info, 4))
  const pem = [...trustedPem.matchAll(kPem)].map(([, block]) => base64(block!.replace(/\s/g, '')) ?? refuse('a trusted certificate is no PEM'))
  const trusted = pem.map((each) => readCertificate(readDer(each)))
  demand(trusted.length > 0 && trustedPem.replace(kPem, '') === '', 'there is no trusted certificate of a time-stamp authority, or not in PEM')
  const inside = parts(tagged(data, 0) ?? kNothing).map(readCertificate)
  const infos = parts(data.at(-1) ?? kNothing)
  const [, name, digestAlgorithm, attributes, signatureAlgorithm, signature] = parts(infos[0] ?? kNothing) as (Der | undefined)[]
  demand(infos.length === 1 && name && digestAlgorithm && attributes && signatureAlgorithm && signature, 'the token has not one signer')
  const signer = [...inside, ...trusted].find((each) => equal(join(each.issuer, each.serial), join(...parts(name).map(whole))))
  demand(signer, 'the certificate of the signer is missing')
  const attribute = (id: string) => part(parts(attributes).find((each) => oid(part(each, 0)) === id) ?? kNothing, 1, 0)
  const digestOid = oid(part(digestAlgorithm, 0))
  const [hash] = kDigests[digestOid] ?? refuse('the digest of the token is none of SHA-256, SHA-384, SHA-512')
  const covered = oid(attribute('1.2.840.113549.1.9.3')) === kTstInfo && equal(content(attribute('1.2.840.113549.1.9.4')), hash(body))
  demand(covered && namesSigner(attribute, signer), 'the signed attributes are not those of the time stamp and its signer')
  // Signed as a SET OF, stored under [0]: RFC 5652 §5.4.
  const signed = whole(attributes).slice()
  signed[0] = 0x31
  const algorithm = oid(part(signatureAlgorithm, 0))
  const right = (algorithm === kRsa || kSignatures[algorithm] === digestOid) && signedBy(signer, digestOid, signed, content(signature))
  demand(right, 'the signature of the token is wrong or of an unknown kind')
  const [critical, purposes] = signer.extensions.get('2.5.29.37') ?? []
  demand(critical && parts(purposes ?? kNothing).map(oid).join() === '1.3.6.1.5.5.7.3.8',
    'the certificate of the signer is not one for time stamps alone')
  demand(chains(signer, trusted, inside, at), 'the certificate of the signer does not lead to a trusted one')
  return at
}
