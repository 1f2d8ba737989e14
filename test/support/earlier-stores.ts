import type { Connection } from 'mongoose'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { auditMongo } from '../../src/adapters/audit/audit-mongo.ts'
import { accountsMongo } from '../../src/adapters/mongo/accounts-mongo.ts'
import { casesMongo } from '../../src/adapters/mongo/cases-mongo.ts'
import { encryptedCollections } from '../../src/adapters/mongo/data-keys/encrypted-collections.ts'
import { idempotentRequestsMongo } from '../../src/adapters/mongo/idempotent-requests-mongo.ts'
import type { MongoStore } from '../../src/adapters/mongo/mongo-store.ts'
import { oidcMongo } from '../../src/adapters/mongo/oidc-mongo.ts'
import { signingKeysMongo } from '../../src/adapters/mongo/signing-keys-mongo.ts'
import { tasksMongo } from '../../src/adapters/tasks/tasks-mongo.ts'
import { clientsIn } from './clients-in.ts'
import { earlierEncryption } from './earlier-encryption.ts'
import { testKeys } from './signing-keys.ts'

/** The adapters of MongoDB on a connection, with which a test stores records of each kind. */
export async function adaptersOf(inMongo: MongoStore) {
  const { tasks, cases, terminals } = policy()
  const queue = await tasksMongo({ ...inMongo, policy: tasks })
  return {
    accounts: await accountsMongo({
      ...inMongo,
      insertTasks: queue.insertTasks,
      useCounterProof: async () => true,
    }),
    audit: await auditMongo({ ...inMongo, keepDays: 365, outlets: [], log: console }),
    cases: await casesMongo({ ...inMongo, policy: cases }),
    clients: clientsIn(inMongo),
    idempotentRequests: await idempotentRequestsMongo({ ...inMongo, policy: terminals }),
    oidc: await oidcMongo(inMongo),
    signingKeys: signingKeysMongo({ ...inMongo, newKey: testKeys() }),
    queue,
  }
}

/** The adapters of a database of before data keys; `finish` gives its records the form that they had then. */
export async function earlierStores(
  connection: Connection,
  key: { readonly version: string; readonly key: Buffer },
  digestKey: Buffer,
) {
  const earlier = earlierEncryption(key, digestKey)
  const encryption = {
    ...earlier,
    lookupIndexes: (domain: string, value: string) => [earlier.blindIndex(domain, value)],
    dataKey: () => 0,
  }
  const adapters = await adaptersOf({ connection, encryption, clock: Date.now })
  async function finish() {
    const all = (await connection.listCollections()).map(({ name }) => name)
    // The profiler's own collection is read-only (collection-scans.ts).
    for (const name of all.filter((each) => !each.startsWith('system.')))
      await connection.collection(name).updateMany({}, { $unset: { dataKey: '' } })
    await connection.collection('accounts').updateMany({}, { $unset: { 'sealed.cardDigest': '' } })
    for (const { name, lookups } of encryptedCollections)
      for (const field of lookups.filter((each) => each !== 'origins'))
        await connection
          .collection(name)
          .updateMany({ [field]: { $exists: true } }, [
            { $set: { [field]: { $first: `$${field}` } } },
          ])
  }
  return { ...earlier, ...adapters, encryption, finish }
}
