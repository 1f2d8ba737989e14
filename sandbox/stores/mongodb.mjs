import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { rememberedPort, untilUp } from './until-up.mjs'

/**
 * @typedef {import('../downloads.mjs').Tools & { packages?: Promise<void> }} Tools
 *   `packages` resolves when the packages are installed: the driver is one of them
 */

/** @param {readonly number[]} ports of the members */
export const mongodbUri = (ports) =>
  `mongodb://${ports.map((port) => `127.0.0.1:${port}`).join()}/uup?replicaSet=rs0`

/**
 * Starts a replica set with a member in each folder, and returns its address when one of them is the primary. A restart
 * uses the ports of the last start as far as they are free, and moves the members to others.
 * @param {string} program
 * @param {readonly string[]} folders
 * @param {readonly (number | undefined)[]} wishedPorts
 * @param {Tools} tools
 */
export async function startReplicaSet(program, folders, wishedPorts, tools) {
  tools.log('Starting MongoDB …')
  const ports = []
  for (const [index, folder] of folders.entries()) {
    await mkdir(folder, { recursive: true })
    const port = await rememberedPort(folder, wishedPorts[index])
    ports.push(port)
    tools.family.start('MongoDB', program, [
      ...['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
      ...['--replSet', 'rs0', '--oplogSize', '128', '--quiet'],
      ...['--wiredTigerCacheSizeGB', folders.length > 1 ? '0.25' : '0.5'],
      ...['--logpath', logOf(folder), '--logappend'],
      ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
      // A killed process keeps no account locked for a minute, the default (decision 0254).
      ...['--setParameter', 'transactionLifetimeLimitSeconds=6'],
      // Files of removed collections are closed by the next checkpoint, not after five minutes: the tests make and remove so many
      // collections that mongod would have more files open than a process may have, and end.
      ...['--setParameter', 'minSnapshotHistoryWindowInSeconds=0'],
      // A shutdown must not wait for another member to take over, since all of them stop.
      ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=0'],
    ])
  }
  await tools.packages
  await untilUp('MongoDB', logOf(folders[0]), tools.family, () => hasPrimary(ports))
  return mongodbUri(ports)
}

const logOf = (folder) => join(folder, 'mongod.log')

/** Whether a member accepts writes. Initiates the replica set, or moves it to these ports, through its first member. */
async function hasPrimary(ports) {
  const members = ports.map((port, _id) => ({ _id, host: `127.0.0.1:${port}` }))
  await ask(ports[0], (admin) => toMembers(admin, members))
  const hellos = await Promise.all(ports.map((port) => ask(port, hello)))
  return hellos.some(({ isWritablePrimary }) => isWritablePrimary)
}

async function ask(port, question) {
  const { default: mongoose } = await import('mongoose')
  const direct = { directConnection: true, serverSelectionTimeoutMS: 2000 }
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}`, direct)
  try {
    return await question(client.db('admin'))
  } finally {
    await client.close()
  }
}

const hello = (admin) => admin.command({ hello: 1 })

async function toMembers(admin, members) {
  const config = await replicaSetConfig(admin)
  if (!config) return admin.command({ replSetInitiate: { _id: 'rs0', members, settings } })
  if (members.every(({ host }) => config.members.some((known) => known.host === host))) return
  const moved = { _id: 'rs0', version: config.version + 1, members, settings }
  return admin.command({ replSetReconfig: moved, force: true })
}

/** An election begins after 3 s without a primary instead of 10, as suits one machine. */
const settings = { electionTimeoutMillis: 3000, heartbeatIntervalMillis: 1000 }

/** Undefined for a server that is not yet a replica set. */
async function replicaSetConfig(admin) {
  try {
    return (await admin.command({ replSetGetConfig: 1 })).config
  } catch (error) {
    if (error.codeName === 'NotYetInitialized') return undefined
    throw error
  }
}
