import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { sampleLegalTexts } from '../../sandbox/settings.mjs'
import { ownPort } from './own-port.ts'
import { fixedAnswer } from './platform.ts'
import { checkout } from './sandbox.ts'
import type { TestStores } from './stores.ts'
import { testCrypto } from './test-encryption.ts'

type Env = Readonly<Record<string, string>>

type Program = {
  /** From `folder`, in which it runs. */
  readonly file: string
  readonly folder: string
  /** The user that it runs as; only root may name another one. */
  readonly uid?: number | undefined
}

const fromSources: Program = { file: 'src/main.ts', folder: checkout }

/** New random keys. */
export const newKeys = () => ({
  DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
  DIGEST_KEY: randomBytes(32).toString('base64'),
  COOKIE_KEYS: randomBytes(32).toString('hex'),
})

type Addresses = Pick<TestStores, 'mongodbUri' | 'redisUrl' | 'keyPrefix'>

/** Starts the platform as a separate process, as in production. */
export async function startedPlatform(
  stores: Addresses,
  more: Env = {},
  { file, folder, uid }: Program = fromSources,
) {
  const { PATH = '', HOME = '' } = process.env
  const port = await ownPort()
  const issuer = `http://localhost:${port}`
  const loader = file.endsWith('.ts') ? ['--import', 'tsx'] : []
  const child = spawn(process.execPath, [...loader, file], {
    cwd: folder,
    env: {
      ...{ PATH, HOME, PORT: String(port), ISSUER: issuer },
      MONGODB_URI: stores.mongodbUri,
      REDIS_URL: stores.redisUrl,
      REDIS_PREFIX: stores.keyPrefix,
      CAPTCHA_FIXED_ANSWER: fixedAnswer,
      CRYPTO: testCrypto,
      ...newKeys(),
      ...sampleLegalTexts,
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  })
  const { pid = 0 } = child
  let [out, errors] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    errors += text
  })
  const ended = once(child, 'close').then(([code]) => ({ code, out, errors, output: out + errors }))
  const early = ended.then(({ output }) => {
    throw new Error(`the platform ended early: ${output}`)
  })
  let hasEnded = false
  early.catch(() => {
    hasEnded = true
  })

  /** Resolves when `count` lines of the log have this message. */
  async function logged(message: string, count = 1) {
    const logs = async () => {
      while (!hasEnded && out.split(`"msg":"${message}"`).length <= count) await sleep(20)
    }
    await Promise.race([logs(), early])
  }

  return {
    ...{ port, pid, ended, url: `http://127.0.0.1:${port}`, issuer },
    /** Resolves when `count` processes have begun to listen, including those that have died since. */
    listening: (count = 1) => logged('listening', count),
    logged,
    /** Shuts it down with SIGTERM. */
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
    signal: (name: NodeJS.Signals) => child.kill(name),
  }
}
