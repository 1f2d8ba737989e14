import { randomBytes } from 'node:crypto'
import { openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { children } from '../sandbox/children.mjs'
import { freePort, until } from '../sandbox/ports.mjs'
import { sampleLegalTexts } from '../sandbox/settings.mjs'
import { startStores } from '../sandbox/stores.mjs'
import { clients } from '../test/sso/platform.ts'
import { fixedAnswer } from '../test/support/platform.ts'

type Family = ReturnType<typeof children>

/**
 * Starts stores, simulators and the platform, each as a process on 127.0.0.1 with its data in
 * `dataDir`. `more` are further clients, `settings` further settings of the platform. Returns the addresses, and the PIDs by name.
 * oidc-provider alone starts with `startAlone`.
 */
export async function startAll(
  dataDir: string,
  family: Family,
  more: readonly object[] = [],
  settings: Readonly<Record<string, string>> = {},
  /** Starts what `npm run build` made, with these options of Node.js. */
  compiled?: readonly string[],
) {
  const pids = new Map<string, number>()
  const start: Family['start'] = (name, ...program) => {
    const child = family.start(name, ...program)
    if (child.pid) pids.set(name, child.pid)
    return child
  }
  const run = (
    name: string,
    script: string,
    env: Readonly<Record<string, string>> = {},
    options: readonly string[] = ['--import', import.meta.resolve('tsx')],
  ) => {
    const { PATH = '', HOME = '' } = process.env
    const file = fileURLToPath(new URL(`../${script}`, import.meta.url))
    return start(name, process.execPath, [...options, file], {
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', openSync(join(dataDir, `${name}.log`), 'w')],
    })
  }

  const { mongodbUri, redisUrl } = await startStores({
    dataDir,
    log: (line) => console.error(line),
    family: { ...family, start },
  })
  const simulatorUrl = `http://127.0.0.1:${await freePort()}`
  run('simulators', 'sandbox/simulators/main.ts', { SIMULATOR_PORT: new URL(simulatorUrl).port })
  const clientsFile = join(dataDir, 'clients.json')
  // The algorithm is that of oidc-provider alone, so that both do the same work.
  writeFileSync(
    clientsFile,
    JSON.stringify([{ ...clients.exam, id_token_signed_response_alg: 'ES256' }, ...more]),
  )
  const usual = {
    LOG_LEVEL: 'warn',
    MONGODB_URI: mongodbUri,
    REDIS_URL: redisUrl,
    DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
    DIGEST_KEY: randomBytes(32).toString('base64'),
    COOKIE_KEYS: randomBytes(32).toString('hex'),
    SIMULATOR_URL: simulatorUrl,
    CLIENTS_FILE: clientsFile,
    CAPTCHA_FIXED_ANSWER: fixedAnswer,
    // All requests come from one address, hundreds a minute.
    LIMITS_SCALE: '1000',
    BACKCHANNEL_LOOPBACK: '1',
    ...sampleLegalTexts,
  }
  /** Starts one more platform with other settings, and returns its address once it is ready. */
  async function startPlatform(name: string, others: Readonly<Record<string, string>>) {
    const issuer = `http://localhost:${await freePort()}`
    const address = { ISSUER: issuer, PORT: new URL(issuer).port }
    const script = compiled ? 'dist/src/main.js' : 'src/main.ts'
    const platform = run(name, script, { ...usual, ...address, ...others }, compiled)
    platform.stdout?.pipe(process.stderr)
    await answers(`${issuer}/health/ready`)
    return issuer
  }
  await answers(`${simulatorUrl}/health`)
  const startAlone = (name: string, env: Readonly<Record<string, string>> = {}) =>
    firstLine(run(name, 'bench/provider-alone.ts', env).stdout)
  const issuer = await startPlatform('platform', settings)
  return { issuer, startAlone, simulatorUrl, mongodbUri, redisUrl, pids, startPlatform }
}

async function firstLine(output: NodeJS.ReadableStream | null): Promise<string> {
  if (output) for await (const line of createInterface({ input: output })) return line
  throw new Error('it ended without any output')
}

const answers = (url: string) =>
  until(async () => (await fetch(url)).ok, { seconds: 180, what: url })
