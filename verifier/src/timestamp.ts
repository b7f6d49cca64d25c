import { p256, p384, p521 } from '@noble/curves/nist'
import { sha1 } from '@noble/hashes/legacy'
import { sha384, sha512 } from '@noble/hashes/sha2'
import { BitString, Constructed, fromBER, Integer, ObjectIdentifier, Sequence, type AsnType } from 'asn1js'
import { PKCS1_SHA256, PKCS1_SHA384, PKCS1_SHA512 } from 'micro-rsa-dsa-dh/rsa.js'
import * as pki from 'pkijs'

import { base64, demand, equal, hex, refuse } from './bytes'
import { kPem } from './note'
import { sha256, type Hash } from './tree'
const [kSha256, kSha384, kSha512] = ['2.16.840.1.101.3.4.2.1', '2.16.840.1.101.3.4.2.2', '2.16.840.1.101.3.4.2.3'] as const
const kDigests: Record<string, [Hash, typeof PKCS1_SHA256]> =
  { [kSha256]: [sha256, PKCS1_SHA256], [kSha384]: [sha384, PKCS1_SHA384], [kSha512]: [sha512, PKCS1_SHA512] }
/** Digests of the signature algorithms that name one: RSA PKCS#1 v1.5 and ECDSA. */
const kSignatures: Record<string, string> = {
  '1.2.840.113549.1.1.11': kSha256, '1.2.840.113549.1.1.12': kSha384, '1.2.840.113549.1.1.13': kSha512,
  '1.2.840.10045.4.3.2': kSha256, '1.2.840.10045.4.3.3': kSha384, '1.2.840.10045.4.3.4': kSha512,
}
const kCurves: Record<string, typeof p256> = { '1.2.840.10045.3.1.7': p256, '1.3.132.0.34': p384, '1.3.132.0.35': p521 }
const [kRsa, kTstInfo] = ['1.2.840.113549.1.1.1', '1.2.840.113549.1.9.16.1.4']
/** One DER value that fills `bytes`. */
function readDer(bytes: Uint8Array): AsnType {
  const { offset, result } = fromBER(bytes)
  return offset === bytes.length ? result : refuse('the DER is malformed or has bytes behind its end')
}
const part = (of: AsnType | undefined, ...path: number[]): AsnType | undefined =>
  path.reduce<AsnType | undefined>((each, at) => (each instanceof Constructed ? (each.valueBlock.value[at] as AsnType) : undefined), of)
const content = (of: AsnType | undefined): Uint8Array => (of && 'valueHexView' in of.valueBlock ? (of.valueBlock.valueHexView as Uint8Array) : new Uint8Array())
const oid = (of: unknown): string => (of instanceof ObjectIdentifier ? of.getValue() : '')
const whole = (certificate: pki.Certificate): Uint8Array => new Uint8Array(certificate.toSchema().toBER())
/** A signature of the key of a certificate over `message`; `digest` is an OID. */
function signedBy({ subjectPublicKeyInfo: { algorithm, subjectPublicKey } }: pki.Certificate, digest: string | undefined, message: Uint8Array, signature: Uint8Array) {
  const [hash, rsa] = kDigests[digest ?? ''] ?? refuse('the digest of a signature is none of SHA-256, SHA-384, SHA-512')
  if (algorithm.algorithmId === kRsa) {
    const [n, e] = [0, 1].map((at) => BigInt(`0x0${hex(content(part(readDer(content(subjectPublicKey)), at)))}`)) as [bigint, bigint]
    const length = Math.ceil(n.toString(16).length / 2)
    return length >= 256 && length <= 2048 && e > 2n && e <= 2n ** 32n && rsa.verify({ n, e }, message, signature)
  }
  const curve = kCurves[oid(algorithm.algorithmParams)] ?? refuse('a certificate has a key of an unknown kind')
  return curve.verify(signature, hash(message), content(subjectPublicKey), { prehash: false, lowS: false, format: 'der' })
}
const extension = (of: pki.Certificate, id: string) => of.extensions?.find(({ extnID }) => extnID === id)
/** True when a certificate leads to a trusted one; every certificate on the way was valid then. */
function chains(of: pki.Certificate, trusted: pki.Certificate[], others: pki.Certificate[], at: Date, below = 0): boolean {
  demand(of.notBefore.value <= at && at <= of.notAfter.value, `a certificate of the authority was not valid on ${at.toISOString()}`)
  // Understood are keyUsage, basicConstraints, certificatePolicies, extKeyUsage.
  const odd = of.extensions?.find(({ critical, extnID }) => critical && !/^2\.5\.29\.(15|19|32|37)$/.test(extnID))
  demand(!odd, `a certificate has the critical extension ${odd?.extnID}, which is not understood`)
  if (trusted.some((each) => equal(whole(each), whole(of)))) return true
  return below < 8 && [...trusted, ...others].some((issuer) => {
    const { cA, pathLenConstraint: most } = (extension(issuer, '2.5.29.19')?.parsedValue ?? {}) as Partial<pki.BasicConstraints>
    const usage = extension(issuer, '2.5.29.15')?.parsedValue as BitString | undefined
    const may = cA && (most === undefined || below <= (most instanceof Integer ? Number(most.toBigInt()) : most)) && (!usage || (content(usage)[0] ?? 0) & 0x04)
    return issuer !== of && issuer.subject.isEqual(of.issuer) && may &&
      signedBy(issuer, kSignatures[of.signatureAlgorithm.algorithmId], of.tbsView, content(of.signatureValue)) && chains(issuer, trusted, others, at, below + 1)
  })
}
/** RFC 3161 §2.4.1, RFC 5816: a signed attribute names the certificate of the signer. */
function namesSigner(attribute: (id: string) => AsnType | undefined, signer: pki.Certificate): boolean {
  const named = part(attribute('1.2.840.113549.1.9.16.2.47'), 0, 0)
  const [hash, value] = part(named, 0) instanceof Sequence ? [kDigests[oid(part(named, 0, 0))]?.[0] ?? sha256, part(named, 1)]
    : named ? [sha256, part(named, 0)] : [sha1, part(attribute('1.2.840.113549.1.9.16.2.12'), 0, 0, 0)]
  return value !== undefined && equal(hash(whole(signer)), content(value))
}
/** Checks a time-stamp response over a SHA-256 digest (RFC 3161, RFC 5652); returns the time that it states. */
export function timestampOver(digest: Uint8Array, response: Uint8Array, trustedPem: string): Date {
  const { status: { status }, timeStampToken: token } = new pki.TimeStampResp({ schema: readDer(response) })
  demand(status < 2 && token?.contentType === pki.ContentInfo.SIGNED_DATA, 'the authority refused the request')
  const { certificates = [], encapContentInfo: { eContent, eContentType }, signerInfos } = new pki.SignedData({ schema: token.content })
  demand(eContentType === kTstInfo, 'the token is no time stamp')
  const body = content(eContent)
  const { genTime: at, messageImprint: { hashAlgorithm, hashedMessage } } = new pki.TSTInfo({ schema: readDer(body) })
  demand(hashAlgorithm.algorithmId === kSha256 && equal(content(hashedMessage), digest), 'the time stamp is over something else')
  const trusted = [...trustedPem.matchAll(kPem)].map(([, block]) => base64(block!.replace(/\s/g, '')) ?? refuse('a trusted certificate is no PEM'))
    .map((each) => new pki.Certificate({ schema: readDer(each) }))
  demand(trusted.length > 0 && trustedPem.replace(kPem, '') === '', 'there is no trusted certificate of a time-stamp authority, or not in PEM')
  const inside = certificates.filter((each) => each instanceof pki.Certificate)
  const { sid, digestAlgorithm, signedAttrs, signatureAlgorithm, signature } = signerInfos[0] ?? refuse('the token has no signer')
  demand(signerInfos.length === 1 && signedAttrs && sid instanceof pki.IssuerAndSerialNumber, 'the token has not one signer')
  const signer = [...inside, ...trusted].find((each) => each.issuer.isEqual(sid.issuer) && each.serialNumber.isEqual(sid.serialNumber))
  demand(signer, 'the certificate of the signer is missing')
  const attribute = (id: string) => signedAttrs.attributes.find(({ type }) => type === id)?.values[0] as AsnType | undefined
  const [hash] = kDigests[digestAlgorithm.algorithmId] ?? refuse('the digest of the token is none of SHA-256, SHA-384, SHA-512')
  const covered = oid(attribute('1.2.840.113549.1.9.3')) === kTstInfo && equal(content(attribute('1.2.840.113549.1.9.4')), hash(body))
  demand(covered && namesSigner(attribute, signer), 'the signed attributes are not those of the time stamp and its signer')
  const right = [kRsa, ...Object.keys(kSignatures).filter((each) => kSignatures[each] === digestAlgorithm.algorithmId)].includes(signatureAlgorithm.algorithmId)
  const signed = right && signedBy(signer, digestAlgorithm.algorithmId, new Uint8Array(signedAttrs.encodedValue), content(signature))
  demand(signed, 'the signature of the token is wrong or of an unknown kind')
  const { critical, parsedValue } = extension(signer, '2.5.29.37') ?? {}
  demand(critical && String((parsedValue as pki.ExtKeyUsage).keyPurposes) === '1.3.6.1.5.5.7.3.8', 'the certificate of the signer is not one for time stamps alone')
  demand(chains(signer, trusted, inside, at), 'the certificate of the signer does not lead to a trusted one')
  return at
}
