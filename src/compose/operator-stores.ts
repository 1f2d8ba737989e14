import type { BaseLogger } from 'pino'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { MongoStore } from '../adapters/mongo/mongo-store.ts'
import { alertsMongo } from '../adapters/operators/alerts-mongo.ts'
import { announcementsMongo } from '../adapters/operators/announcements-mongo.ts'
import { auditExportsMongo } from '../adapters/operators/audit-exports-mongo.ts'
import { bankMaintenanceMongo } from '../adapters/operators/bank-maintenance-mongo.ts'
import { invitationsMongo } from '../adapters/operators/invitations-mongo.ts'
import { operatorsMongo } from '../adapters/operators/operators-mongo.ts'
import { reviewsMongo } from '../adapters/operators/reviews-mongo.ts'
import { signInTriesRedis } from '../adapters/operators/sign-in-tries-redis.ts'
import type { RedisStore } from '../adapters/redis/redis-store.ts'

/** The stores of the operators' side. Creates their indexes first. */
export async function operatorStores(
  inMongo: MongoStore & { readonly log: Pick<BaseLogger, 'warn'> },
  inRedis: RedisStore,
  policy: Policy['operators'],
) {
  const announcements = await announcementsMongo({ ...inMongo, policy })
  const bankMaintenance = await bankMaintenanceMongo(inMongo)
  return {
    announcements,
    auditExports: await auditExportsMongo({ ...inMongo, policy: policy.auditExport }),
    bankMaintenance,
    operators: await operatorsMongo({ ...inMongo, policy }),
    invitations: await invitationsMongo({ ...inMongo, policy }),
    reviews: await reviewsMongo({ ...inMongo, policy }),
    alerts: await alertsMongo({ ...inMongo, policy }),
    signInTries: signInTriesRedis({ ...inRedis, policy: policy.signIn }),
    /** Ends the reading of the copies in memory. */
    async stopPolling() {
      await Promise.all([announcements.stop(), bankMaintenance.stop()])
    },
  }
}
