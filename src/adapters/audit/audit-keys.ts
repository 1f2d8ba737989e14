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
import type { Connection } from 'mongoose'
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

const storedKeys = (connection: Connection) =>
  connection.collection<Stored>('signing_keys', {
    writeConcern: majority,
    readConcern: { level: 'majority' },
  })

const context = (record: string) => ({ collection: 'signing_keys', record, field: 'jwk' })

/**
 * Reads the keys of the audit and creates them first where there are none. They lie beside the keys that sign tokens, in the
 * same form, so that whatever re-encrypts those re-encrypts these: the chain does not depend on the data keys.
 */
export async function auditKeys(store: MongoStore): Promise<AuditKeys> {
  const { connection, encryption, clock } = store
  const collection = storedKeys(connection)

  /** When processes start at once, one creates the key, and all read the same. */
  async function create(_id: string, jwk: object): Promise<void> {
    const sealed = encryption.encrypt(JSON.stringify(jwk), context(_id))
    const stored = { _id, sealed, madeAt: new Date(clock()), dataKey: encryption.dataKey() }
    await collection.insertOne(stored).catch((error) => {
      if (!isDuplicateKey(error)) throw error
    })
  }

  const before = await storedKeyPairs(store)
  if (!before.chain)
    await create('audit-chain.1', { kty: 'oct', k: randomBytes(32).toString('base64url') })
  if (!before.heads.length) {
    const { privateKey } = await promisify(generateKeyPair)('ed25519')
    await create('audit-head.1', privateKey.export({ format: 'jwk' }))
  }
  const keys = await storedAuditKeys(store)
  if (!keys) throw new Error('the keys of the audit cannot be read')
  return keys
}

/** Reads the keys of the audit; undefined if one is missing. Throws if one cannot be decrypted. */
export async function storedAuditKeys(
  store: Pick<MongoStore, 'connection' | 'encryption'>,
): Promise<AuditKeys | undefined> {
  const { chain, heads } = await storedKeyPairs(store)
  const pairs = await Promise.all(
    heads.map(async ({ jwk }) => {
      const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
      return { kid: await calculateJwkThumbprint(jwk), privateKey }
    }),
  )
  const [signing] = pairs
  if (!chain || !signing) return undefined
  return {
    chain: createSecretKey(Buffer.from(String(chain.jwk.k), 'base64url')),
    signing,
    published: new Map(pairs.map(({ kid, privateKey }) => [kid, createPublicKey(privateKey)])),
  }
}

async function storedKeyPairs({
  connection,
  encryption,
}: Pick<MongoStore, 'connection' | 'encryption'>) {
  const stored = await storedKeys(connection)
    .find({ _id: /^audit-/ })
    .toArray()
  const keys = stored.map(({ _id, sealed }) => {
    const [use, number] = _id.split('.')
    const jwk: JWK = JSON.parse(encryption.decrypt(sealed, context(_id)))
    return { use, number: Number(number), jwk }
  })
  const of = (wanted: string) =>
    keys.filter(({ use }) => use === wanted).sort((one, other) => other.number - one.number)
  return { chain: of('audit-chain')[0], heads: of('audit-head') }
}
