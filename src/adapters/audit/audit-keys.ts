import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { isDuplicateKey } from '../mongo/duplicate-key.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { majority } from '../mongo/write-concern.ts'

export type AuditKeys = {
  /** The key of the digests of events. */
  readonly chain: KeyObject
  /** The key that signs heads, Ed25519. */
  readonly signing: { readonly kid: string; readonly privateKey: KeyObject }
  /** The public parts of all keys that ever signed heads, by `kid` (thumbprint, RFC 7638). */
  readonly published: ReadonlyMap<string, KeyObject>
}

type Stored = {
  readonly _id: string
  readonly sealed: string
  readonly madeAt: Date
  readonly dataKey: number
}

/**
 * Reads the keys of the audit and creates them first where there are none. They lie beside the keys that sign tokens, in the
 * same form, so that whatever re-encrypts those re-encrypts these: the chain does not depend on the data keys.
 */
export async function auditKeys({ connection, encryption, clock }: MongoStore): Promise<AuditKeys> {
  const collection = connection.collection<Stored>('signing_keys', {
    writeConcern: majority,
    readConcern: { level: 'majority' },
  })
  const context = (record: string) => ({ collection: 'signing_keys', record, field: 'jwk' })

  /** When processes start at once, one creates the key, and all read the same. */
  async function create(_id: string, jwk: object): Promise<void> {
    const sealed = encryption.encrypt(JSON.stringify(jwk), context(_id))
    const stored = { _id, sealed, madeAt: new Date(clock()), dataKey: encryption.dataKey() }
    await collection.insertOne(stored).catch((error) => {
      if (!isDuplicateKey(error)) throw error
    })
  }

  async function read() {
    const stored = await collection.find({ _id: /^audit-/ }).toArray()
    const keys = stored.map(({ _id, sealed }) => {
      const [use, number] = _id.split('.')
      const jwk: JWK = JSON.parse(encryption.decrypt(sealed, context(_id)))
      return { use, number: Number(number), jwk }
    })
    const of = (wanted: string) =>
      keys.filter(({ use }) => use === wanted).sort((one, other) => other.number - one.number)
    return { chain: of('audit-chain')[0], heads: of('audit-head') }
  }

  const before = await read()
  if (!before.chain)
    await create('audit-chain.1', { kty: 'oct', k: randomBytes(32).toString('base64url') })
  if (!before.heads.length) {
    const { privateKey } = await promisify(generateKeyPair)('ed25519')
    await create('audit-head.1', privateKey.export({ format: 'jwk' }))
  }
  const { chain, heads } = await read()
  const pairs = await Promise.all(
    heads.map(async ({ jwk }) => {
      const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
      return { kid: await calculateJwkThumbprint(jwk), privateKey }
    }),
  )
  const [signing] = pairs
  if (!chain || !signing) throw new Error('the keys of the audit cannot be read')
  return {
    chain: createSecretKey(Buffer.from(String(chain.jwk.k), 'base64url')),
    signing,
    published: new Map(pairs.map(({ kid, privateKey }) => [kid, createPublicKey(privateKey)])),
  }
}
