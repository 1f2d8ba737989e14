import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { children } from '../../sandbox/children.mjs'
import { until } from '../../sandbox/ports.mjs'
import { startReplicaSet } from '../../sandbox/stores/mongodb.mjs'
import { mongodProgram, redisProgram } from '../../sandbox/stores/programs.mjs'
import { redisUrl, startRedis } from '../../sandbox/stores/redis.mjs'
import { registered } from '../support/account-pages.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { testPlatform } from '../support/platform.ts'
import { signInFields } from '../support/registering.ts'

const patience = { seconds: 120, what: 'the platform' }
const sentence = '统一用户平台暂时无法办理，请稍后再试'

/** A small file system in memory, which needs root. */
function smallDisk(megabytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'uup-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  const filler = join(folder, 'filler')
  return {
    folder,
    fill() {
      try {
        writeFileSync(filler, Buffer.alloc(megabytes << 20))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    free: () => rmSync(filler),
    remove() {
      execFileSync('umount', ['--lazy', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Each store on a small disk, under a supervisor that starts it again. */
const stores = {
  async redis(folder: string, tools: Tools) {
    const port = await startRedis(
      await redisProgram(tools),
      join(folder, 'redis'),
      undefined,
      tools,
    )
    return { redisUrl: redisUrl(port) }
  },
  async mongodb(folder: string, tools: Tools) {
    const folders = [join(folder, 'mongodb')]
    return { mongodbUri: await startReplicaSet(await mongodProgram(tools), folders, [], tools) }
  },
} as const
type Tools = Parameters<typeof startRedis>[3]

test.each([
  ['redis', 48],
  ['mongodb', 512],
] as const)(
  '%s on a full disk is an outage until there is room, and nothing is lost',
  async (store, size) => {
    const disk = smallDisk(size)
    const family = children()
    const tools = { family: { ...family, start: family.keep }, log: () => {} } as unknown as Tools
    const platform = await testPlatform({ ownStores: await stores[store](disk.folder, tools) })
    try {
      const person = await registered(platform, samplePerson())
      const signIn = async () => {
        const at = personAtForms()
        const login = await at.open(`${platform.issuer}/account`)
        return login.status === 503 ? login : at.send(login, signInFields(person))
      }
      disk.fill()
      // A store may take some more writes before it notices.
      await until(async () => (await signIn()).status === 503, patience)
      expect((await signIn()).text).toContain(sentence)
      disk.free()
      await until(async () => (await signIn()).heading === '用户信息', patience)
      await until(async () => (await fetch(`${platform.issuer}/health/stores`)).ok, patience)
    } finally {
      await platform.close()
      await family.stop()
      disk.remove()
    }
  },
)
