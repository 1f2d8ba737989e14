import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { rememberedPort, untilUp } from './until-up.mjs'

/** @param {number} port */
export const redisUrl = (port) => `redis://127.0.0.1:${port}/0`

/**
 * Starts one Redis server with an append-only file, and returns its port when it answers.
 * @param {string} program
 * @param {string} folder
 * @param {number | undefined} wishedPort
 * @param {import('../downloads.mjs').Tools} tools
 * @param {readonly string[]} [more] arguments that are added
 */
export async function startRedis(program, folder, wishedPort, tools, more = []) {
  await mkdir(folder, { recursive: true })
  const port = await rememberedPort(folder, wishedPort)
  const logFile = join(folder, 'redis.log')
  tools.family.start('Redis', program, [
    ...['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--logfile', logFile],
    ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
    ...['--maxmemory-policy', 'noeviction', '--daemonize', 'no', ...more],
  ])
  await untilUp('Redis', logFile, tools.family, () => pong(port))
  return port
}

/** Whether Redis is ready. It answers -LOADING while it loads its file. */
function pong(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.on('error', reject)
    socket.on('close', () => resolve(false))
    socket.once('data', (answer) => {
      // A server with a password is up when it asks for it.
      resolve(/^(\+PONG|-NOAUTH)/.test(answer.toString()))
      socket.destroy()
    })
  })
}
