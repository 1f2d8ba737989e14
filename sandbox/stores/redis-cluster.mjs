import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, until } from '../ports.mjs'
import { startRedis } from './redis.mjs'

/** The first three of the six nodes become masters, and each gets one replica. */
const masters = 3
const nodes = 6
const slots = 16_384

/** @param {readonly number[]} ports */
export const redisClusterUrl = (ports) =>
  `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join()}`

/**
 * Starts three masters and three replicas, and returns the ports of the six when all slots are served.
 * @param {string} program
 * @param {string} folder
 * @param {readonly number[]} wishedPorts
 * @param {import('./mongodb.mjs').Tools} tools
 */
export async function startRedisCluster(program, folder, wishedPorts, tools) {
  tools.log('Starting Redis …')
  const started = []
  for (let index = 0; index < nodes; index += 1) {
    const own = join(folder, `${index + 1}`)
    const bus = await busPort(own)
    const port = await startRedis(program, own, wishedPorts[index], tools, clusterOptions(own, bus))
    started.push({ port, bus })
  }
  await tools.packages
  await formCluster(started)
  return started.map(({ port }) => port)
}

const clusterOptions = (folder, bus) => [
  ...['--cluster-enabled', 'yes', '--cluster-config-file', join(folder, 'nodes.conf')],
  ...['--cluster-port', String(bus), '--cluster-node-timeout', '5000'],
  // A replica takes over even if it lost its master long ago: a trial has nobody to ask.
  ...['--cluster-replica-validity-factor', '0', '--repl-diskless-sync-delay', '0'],
]

/** Returns the port for the other nodes: that of the last start, if it is free. */
async function busPort(folder) {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'bus-port')
  const last = Number(await readFile(file, 'utf8').catch(() => '')) || undefined
  const port = await freePort(last)
  await writeFile(file, String(port))
  return port
}

/** Joins new nodes into a cluster. The nodes of an earlier start meet again, since their ports may have changed. */
async function formCluster(started) {
  const { Redis } = await import('ioredis')
  const clients = started.map(({ port }) => new Redis(port, '127.0.0.1'))
  const [first] = clients
  try {
    const isNew = !(await first.cluster('INFO')).includes(`cluster_slots_assigned:${slots}`)
    if (isNew) await Promise.all(clients.slice(0, masters).map(assignSlots))
    for (const { port, bus } of started.slice(1))
      await first.cluster('MEET', '127.0.0.1', port, bus)
    await untilAll(clients, knowsAll)
    if (isNew) await Promise.all(clients.slice(masters).map((each, n) => follow(each, clients[n])))
    await untilAll(clients, isServing)
  } finally {
    for (const client of clients) client.disconnect()
  }
}

const untilAll = (clients, ask) =>
  until(async () => (await Promise.all(clients.map(ask))).every(Boolean), {
    ...{ seconds: 60, what: 'The Redis cluster' },
  })

const assignSlots = (client, index) => {
  const border = (part) => Math.ceil((part * slots) / masters)
  return client.cluster('ADDSLOTSRANGE', border(index), border(index + 1) - 1)
}

const knowsAll = async (client) =>
  (await client.cluster('INFO')).includes(`cluster_known_nodes:${nodes}`)

const follow = async (replica, master) =>
  replica.cluster('REPLICATE', String(await master.cluster('MYID')))

/** Whether a node serves, and a replica has its master's data, so that it could take over. */
async function isServing(client) {
  const [cluster, replication] = [await client.cluster('INFO'), await client.info('replication')]
  return (
    cluster.includes('cluster_state:ok') &&
    (replication.includes('role:master') || replication.includes('master_link_status:up'))
  )
}
