import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { children } from '../../sandbox/children.mjs'
import { until } from '../../sandbox/ports.mjs'
import { redisProgram } from '../../sandbox/stores/programs.mjs'
import { startRedis } from '../../sandbox/stores/redis.mjs'
import { ownPort } from './own-port.ts'

/** Passwords of Redis and of its Sentinel; they differ, and each contains what a URL must encode. */
const [password, sentinelPassword] = ['of/redis@1', 'of:sentinel?2']

/** A master, a replica, and a Sentinel that promotes the replica after a second without the master. */
export async function ownSentinel() {
  const folder = await mkdtemp(join(tmpdir(), 'uup-sentinel-'))
  const family = children()
  family.removeAtEnd(folder)
  const tools = { family, log: () => {} }
  const program = await redisProgram(tools)
  const secured = ['--requirepass', password, '--masterauth', password]
  const master = await startRedis(program, join(folder, 'master'), undefined, tools, secured)
  const follow = [...secured, '--replicaof', `127.0.0.1 ${master}`]
  const replica = await startRedis(program, join(folder, 'replica'), undefined, tools, follow)
  const client = (port: number, secret = password) => new Redis({ port, password: secret })
  const [ofMaster, ofReplica] = [client(master), client(replica)]
  const info = async (redis: Redis) => redis.info('replication')
  const patience = { seconds: 60, what: 'the replica' }
  await until(async () => (await info(ofReplica)).includes('master_link_status:up'), patience)

  const sentinel = await ownPort()
  const config = join(folder, 'sentinel.conf')
  await mkdir(join(folder, 'sentinel'))
  await writeFile(
    config,
    [
      ...[`port ${sentinel}`, 'bind 127.0.0.1', `dir ${join(folder, 'sentinel')}`],
      `requirepass ${sentinelPassword}`,
      `sentinel monitor uup-main 127.0.0.1 ${master} 1`,
      `sentinel auth-pass uup-main ${password}`,
      'sentinel down-after-milliseconds uup-main 1000',
      'sentinel failover-timeout uup-main 3000',
    ].join('\n'),
  )
  family.start('Sentinel', program, [config, '--sentinel'])
  const asked = client(sentinel, sentinelPassword)
  asked.on('error', () => {})
  await until(async () => /slaves=1/.test(await asked.info('sentinel')), {
    ...{ seconds: 60, what: 'the Sentinel' },
  })
  const pid = Number(/process_id:(\d+)/.exec(await ofMaster.info('server'))?.[1])
  return {
    url: (sentinelPort = sentinel) =>
      `redis+sentinel://uup-main@127.0.0.1:${sentinelPort}?password=${encodeURIComponent(password)}` +
      `&sentinelPassword=${encodeURIComponent(sentinelPassword)}`,
    signalMaster: (name: NodeJS.Signals) => process.kill(pid, name),
    replica: ofReplica,
    async close() {
      process.kill(pid, 'SIGCONT')
      for (const each of [ofMaster, ofReplica, asked]) each.disconnect()
      await family.stop()
    },
  }
}
