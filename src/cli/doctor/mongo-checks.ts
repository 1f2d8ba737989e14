import type { Connection } from 'mongoose'
import { pino } from 'pino'
import type { Environment } from '../../../config/environment/settings.ts'
import { isSchemaCurrent } from '../../adapters/mongo/migrations/migrate-schema.ts'
import { mongoConnection } from '../../adapters/mongo/mongo-connection.ts'
import { connectTo } from '../operator-command.ts'
import { auditProblems } from './audit-problems.ts'
import { type Check, check } from './check.ts'
import { clockProblems } from './clock-problems.ts'
import { indexProblems } from './index-problems.ts'
import { recordChecks } from './record-checks.ts'
import {
  adminCommand,
  replicaSetProblems,
  transactionProblems,
  versionProblems,
} from './server-problems.ts'

/** Looking for the keys of millions of records takes longer than a request may, in ms. */
const longestCommand = 600_000

/** The least free part of the disk. */
const leastFree = 0.1

export async function mongoChecks(env: Environment): Promise<readonly Check[]> {
  const log = pino({ level: 'silent' })
  let opened: Awaited<ReturnType<typeof mongoConnection>>
  try {
    opened = await connectTo('MONGODB_URI', env, (uri) => mongoConnection(uri, log, longestCommand))
  } catch (error) {
    return [{ name: 'MongoDB', problems: [(error as Error).message] }]
  }
  const { connection, close } = opened
  try {
    return [
      { name: 'MongoDB', problems: [] },
      await check('MongoDB version', () => versionProblems(connection)),
      await check('MongoDB replica set', () => replicaSetProblems(connection)),
      await check('MongoDB transactions', () => transactionProblems(connection)),
      await check('MongoDB clock', () => clockOf(connection)),
      await check('MongoDB disk', () => diskProblems(connection)),
      await check('schema', () => schemaProblems(connection)),
      await check('indexes', () => indexProblems(connection)),
      ...(await recordChecks(connection, env)),
      await check('audit', () => auditProblems(connection, env.AUDIT_KEEP_DAYS)),
    ]
  } finally {
    await close()
  }
}

/** In bytes; absent where the storage does not tell. */
type Disk = { readonly fsUsedSize?: number; readonly fsTotalSize?: number }

async function clockOf(connection: Connection): Promise<readonly string[]> {
  const asked = Date.now()
  const { localTime } = await adminCommand<{ localTime: Date }>(connection, { hello: 1 })
  return clockProblems(localTime.getTime(), asked, Date.now())
}

async function diskProblems(connection: Connection): Promise<readonly string[]> {
  const { fsUsedSize: used, fsTotalSize: all } = await adminCommand<Disk>(connection, {
    dbStats: 1,
  })
  if (used === undefined || !all) return []
  const free = 1 - used / all
  return free < leastFree
    ? [`${Math.round(free * 100)} % of the disk are free: make room before writes are refused`]
    : []
}

const schemaProblems = async (connection: Connection): Promise<readonly string[]> =>
  (await isSchemaCurrent(connection))
    ? []
    : ['older than this version: restart the platform, which migrates it']
