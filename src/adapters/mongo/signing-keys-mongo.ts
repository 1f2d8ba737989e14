import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, type JWK as JoseJWK } from 'jose'
import type { JWK } from 'oidc-provider'
import { encryptionAlgorithms, type KeyAlgorithm, keyAlgorithms } from '../../../config/oidc.ts'
import type { SigningKey, SigningKeys } from '../../ports/sso/signing-keys.ts'
import { isDuplicateKey } from './duplicate-key.ts'
import type { MongoStore } from './mongo-store.ts'
import { majority } from './write-concern.ts'

type Stored = {
  /** e.g. `RS256.1`, the first key of its algorithm. The number decides which of two processes may add a key. */
  _id: string
  /** The private JWK. */
  sealed: string
  madeAt: Date
  /** Absent: the key signs from `madeAt` on. */
  signsFrom?: Date
  dataKey: number
}

/** Generates a private key. */
export type NewKey = (alg: KeyAlgorithm) => Promise<KeyObject>

export function signingKeysMongo({
  connection,
  encryption,
  clock,
  newKey = generated,
}: MongoStore & { readonly newKey?: NewKey }): SigningKeys {
  const collection = connection.collection<Stored>('signing_keys', {
    writeConcern: majority,
    readConcern: { level: 'majority' },
  })
  const context = (record: string) => ({ collection: 'signing_keys', record, field: 'jwk' })

  async function decrypted({
    _id,
    sealed,
    madeAt,
    signsFrom = madeAt,
  }: Stored): Promise<SigningKey[]> {
    const [name, number] = _id.split('.')
    const alg = keyAlgorithms.find((known) => known === name)
    if (!alg) return []
    const jwk: JWK = JSON.parse(encryption.decrypt(sealed, context(_id)))
    const kid = await calculateJwkThumbprint(jwk as JoseJWK)
    return [{ alg, number: Number(number), signsFrom: signsFrom.getTime(), jwk: { ...jwk, kid } }]
  }

  return {
    async all() {
      const stored = await collection.find().toArray()
      const keys = (await Promise.all(stored.map(decrypted))).flat()
      return keys.toSorted((one, other) => one.number - other.number)
    },
    async add(alg, number, signsFrom) {
      const _id = `${alg}.${number}`
      const jwk = { ...(await newKey(alg)).export({ format: 'jwk' }), alg, use: useOf(alg) }
      const encrypted = encryption.encrypt(JSON.stringify(jwk), context(_id))
      const [madeAt, from] = [new Date(clock()), new Date(signsFrom)]
      try {
        const dataKey = encryption.dataKey()
        await collection.insertOne({ _id, sealed: encrypted, madeAt, signsFrom: from, dataKey })
        return true
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        return false
      }
    },
    async bringForward(key, signsFrom) {
      const from = new Date(signsFrom)
      const { modifiedCount } = await collection.updateOne(
        { _id: idOf(key), signsFrom: { $gt: from } },
        { $set: { signsFrom: from } },
      )
      return modifiedCount === 1
    },
    async remove(keys) {
      await collection.deleteMany({ _id: { $in: keys.map(idOf) } })
    },
  }
}

const idOf = ({ alg, number }: SigningKey) => `${alg}.${number}`

const generate = promisify(generateKeyPair)

/** 2048 bits: signing is the largest part of issuing a token, and 3072 bits would take three times as long. */
const rsa = async () => (await generate('rsa', { modulusLength: 2048 })).privateKey
const useOf = (alg: KeyAlgorithm) =>
  encryptionAlgorithms.some((each) => each === alg) ? 'enc' : 'sig'

const p256 = async () => (await generate('ec', { namedCurve: 'P-256' })).privateKey
const generators: Record<KeyAlgorithm, () => Promise<KeyObject>> = {
  RS256: rsa,
  PS256: rsa,
  ES256: p256,
  EdDSA: async () => (await generate('ed25519')).privateKey,
  'RSA-OAEP-256': rsa,
  'ECDH-ES': p256,
  'ECDH-ES+A128KW': p256,
  'ECDH-ES+A192KW': p256,
  'ECDH-ES+A256KW': p256,
}
export const generated: NewKey = (alg) => generators[alg]()
