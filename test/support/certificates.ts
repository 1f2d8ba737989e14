import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { isIPv4 } from 'node:net'
import tls from 'node:tls'

/** The certificate and its private key as PEM. */
export type Certificate = { readonly cert: string; readonly key: string }

type Wanted = {
  /** The parts of the name in order, e.g. `[['C', 'CN'], ['CN', 'terminal-1']]`. */
  readonly subject: readonly (readonly [type: keyof typeof attributes, value: string])[]
  readonly dns?: readonly string[]
  readonly ip?: readonly string[]
  readonly uri?: readonly string[]
  readonly email?: readonly string[]
  /** The certificate that signs this one; without it the certificate is self-signed. */
  readonly issuer?: Certificate & Pick<Wanted, 'subject'>
}

/** Issues an X.509 certificate (RFC 5280) with a new P-256 key. It is valid from yesterday until tomorrow. */
export function certificate(wanted: Wanted): Certificate & Pick<Wanted, 'subject'> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const issuer = wanted.issuer ?? { ...wanted, key }
  const day = 24 * 3600 * 1000
  const signed = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name(issuer.subject),
    sequence(time(Date.now() - day), time(Date.now() + day)),
    name(wanted.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(extensions(wanted))),
  )
  const der = sequence(signed, ecdsaWithSha256, bits(signature(signed, issuer.key)))
  const base64 = der.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')
  const cert = `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`
  return { cert, key, subject: wanted.subject }
}

/** Adds the certificate to the trust store of every TLS connection that this process opens from now on. */
export function trust({ cert }: Certificate): void {
  const usual = tls.createSecureContext
  tls.createSecureContext = (options) => {
    const context = usual(options)
    if (!options?.ca) context.context.addCACert(cert)
    return context
  }
}

const signature = (bytes: Buffer, key: string) => {
  const privateKey: KeyObject = createPrivateKey(key)
  return sign('sha256', bytes, privateKey)
}

/** Encodes a DER element (X.690): a tag, a length, the contents. */
function tagged(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents)
  const size =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}
const sequence = (...contents: readonly Buffer[]) => tagged(0x30, ...contents)
const integer = (bytes: Buffer) => tagged(0x02, bytes)
const bits = (bytes: Buffer) => tagged(0x03, Buffer.from([0]), bytes)
const octets = (...contents: readonly Buffer[]) => tagged(0x04, ...contents)
const objectId = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'))
const time = (at: number) => {
  const [text = ''] = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2).split('.')
  return tagged(0x17, Buffer.from(`${text}Z`))
}

const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'))
const attributes = { CN: '550403', C: '550406', O: '55040a' } as const

const name = (parts: Wanted['subject']) =>
  sequence(
    ...parts.map(([type, value]) =>
      tagged(0x31, sequence(objectId(attributes[type]), tagged(0x0c, Buffer.from(value)))),
    ),
  )

function extensions({ dns = [], ip = [], uri = [], email = [], issuer }: Wanted): Buffer {
  const alternatives = [
    ...email.map((entry) => tagged(0x81, Buffer.from(entry))),
    ...dns.map((entry) => tagged(0x82, Buffer.from(entry))),
    ...uri.map((entry) => tagged(0x86, Buffer.from(entry))),
    ...ip.filter(isIPv4).map((entry) => tagged(0x87, Buffer.from(entry.split('.').map(Number)))),
  ]
  const yes = tagged(0x01, Buffer.from([0xff]))
  const authority = sequence(objectId('551d13'), yes, octets(sequence(...(issuer ? [] : [yes]))))
  const other = sequence(objectId('551d11'), octets(sequence(...alternatives)))
  return alternatives.length ? Buffer.concat([authority, other]) : authority
}
