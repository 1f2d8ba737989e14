import { randomUUID } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import type { Connection } from 'mongoose'
import { policy } from '../config/limits-and-lifetimes.ts'
import type { DurableEncryption } from '../src/adapters/crypto/encryption.ts'
import { pepperOf } from '../src/adapters/crypto/peppered-passwords.ts'
import { accountRecords } from '../src/adapters/mongo/account-record.ts'
import type { AccountRecord } from '../src/adapters/mongo/account-schema.ts'
import { openDataKeys } from '../src/adapters/mongo/data-keys/open-data-keys.ts'
import { indexesOf, reservationsIn } from '../src/adapters/mongo/reservations/reservations.ts'
import { keyProviders } from '../src/compose/key-providers.ts'
import { agreedAt } from '../test/support/legal-texts.ts'
import { type SamplePerson, samplePerson } from '../test/support/people.ts'
import { idOf } from './visitors.ts'

const batch = 1000
const template = samplePerson()

/** The nth person of a filled database. Usernames, documents and phones are unique, and so is nothing else. */
export function personAt(n: number): SamplePerson {
  const phone = `13${String(n).padStart(9, '0')}`
  return { ...template, ...idOf(n), username: `resident${n}`, phone }
}

/** The encryption and the pepper of a platform with this key that has started on the database. */
export async function keysOf(connection: Connection, key: Buffer<ArrayBuffer>) {
  const settings = {
    ...({ CRYPTO: 'aes', KEY_PROVIDER: 'env', DIGEST_KEY: undefined } as const),
    DATA_KEYS: [{ version: '1', key }],
  }
  const dataKeys = await openDataKeys(connection, keyProviders(settings), settings, false)
  if (!dataKeys) throw new Error('the platform has not started')
  return {
    encryption: dataKeys.encryption,
    pepper: pepperOf(undefined, dataKeys.secretFor('pepper'), settings.CRYPTO),
  }
}

/**
 * Stores accounts as registrations do, with their blind indexes, encrypted fields and reservations. They share one password,
 * hashed once at its real cost.
 */
export async function fill(
  connection: Connection,
  { encryption, pepper }: Awaited<ReturnType<typeof keysOf>>,
  count: number,
): Promise<void> {
  const passwordHash = pepper.add(await hash(template.password, policy().argon2))
  const begun = performance.now()
  for (let first = 0; first < count; first += batch) {
    const records = Array.from({ length: Math.min(batch, count - first) }, (_, n) =>
      recordOf(encryption, personAt(first + n), passwordHash),
    )
    const reservations = records.flatMap((record) =>
      indexesOf(record).map((index) => ({ _id: index, account: record._id, writes: 1 })),
    )
    await Promise.all([
      connection.collection<AccountRecord>('accounts').insertMany(records, { ordered: false }),
      reservationsIn(connection).insertMany(reservations, { ordered: false }),
    ])
    const stored = first + records.length
    if (stored % 50_000 === 0)
      console.error(`${stored} accounts, ${((performance.now() - begun) / 1000).toFixed(0)} s`)
  }
}

function recordOf(encryption: DurableEncryption, person: SamplePerson, passwordHash: string) {
  const now = Date.now()
  const { username, name, gender, birthdate } = person
  return accountRecords(encryption).toRecord({
    ...{ kind: 'individual', id: randomUUID(), username, passwordHash, name, gender, birthdate },
    document: { type: person.idType, number: person.idNumber },
    phone: `+86${person.phone}`,
    card: { bank: '招商银行', account: person.account, provedAt: now },
    consent: { wording: '我同意将银行账号仅用于核验身份', at: now },
    agreement: agreedAt(now),
    registeredAt: now,
  })
}
