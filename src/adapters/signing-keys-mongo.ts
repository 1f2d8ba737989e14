import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Connection } from 'mongoose'
import type { JWK } from 'oidc-provider'
import { type SigningAlgorithm, signingAlgorithms } from '../../config/oidc.ts'
import type { SigningKeys } from '../ports/signing-keys.ts'
import type { Sealing } from './sealing.ts'

type Stored = {
  /** e.g. `RS256.1`, the first key of its algorithm: of two that are made at once, one is the first. */
  _id: string
  /** The private JWK. */
  sealed: string
  madeAt: Date
}

const duplicate = 11000

export function signingKeysMongo({
  connection,
  sealing,
}: {
  readonly connection: Connection
  readonly sealing: Sealing
}): SigningKeys {
  const collection = connection.collection<Stored>('signing_keys', {
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
  })
  const place = (record: string) => ({ collection: 'signing_keys', record, field: 'jwk' })

  async function key(alg: SigningAlgorithm): Promise<JWK> {
    const _id = `${alg}.1`
    const stored = await collection.findOne({ _id })
    if (stored) return JSON.parse(sealing.open(stored.sealed, place(_id)))
    const jwk = { ...(await newKey[alg]()).export({ format: 'jwk' }), alg, use: 'sig' }
    const sealed = sealing.seal(JSON.stringify(jwk), place(_id))
    try {
      await collection.insertOne({ _id, sealed, madeAt: new Date() })
    } catch (error) {
      if ((error as { code?: unknown }).code !== duplicate) throw error
    }
    // What stands there now, ours or the one that came first.
    return key(alg)
  }

  return { load: () => Promise.all(signingAlgorithms.map(key)) }
}

const generate = promisify(generateKeyPair)

const newKey: Record<SigningAlgorithm, () => Promise<KeyObject>> = {
  RS256: async () => (await generate('rsa', { modulusLength: 2048 })).privateKey,
  ES256: async () => (await generate('ec', { namedCurve: 'P-256' })).privateKey,
}
