import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import {
  allPrograms,
  checkout,
  emptySandbox,
  killProgram,
  runningOf,
  start,
} from '../support/sandbox.ts'
import { newKeys } from '../support/started-platform.ts'

let sandbox: Awaited<ReturnType<typeof emptySandbox>>
beforeEach(async () => {
  sandbox = await emptySandbox()
})
afterEach(async () => {
  await sandbox.family.stop()
})

async function json(url: string) {
  return (await fetch(url)).json()
}

async function platformKeys() {
  const { jwks_uri: keys } = await json(
    `http://localhost:${sandbox.env.PORT}/.well-known/openid-configuration`,
  )
  return json(keys)
}

async function withRedis<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
  const port = readFileSync(join(sandbox.dataDir, 'redis/port'), 'utf8')
  const redis = new Redis(Number(port), '127.0.0.1')
  return work(redis).finally(() => redis.quit())
}

/** Runs `npm run client` or `npm run keys` for the sandbox that runs in the same folder. */
function command(...args: readonly string[]): string {
  const { status, stdout, stderr } = commandResult(args)
  if (status) throw new Error(`${args.join(' ')}: ${status}: ${stderr}`)
  return stdout
}

function commandResult(args: readonly string[]) {
  const { PATH = '', HOME = '' } = process.env
  const script = join(checkout, 'sandbox/operator-command.mjs')
  const env = { PATH, HOME, ...sandbox.env }
  return spawnSync(process.execPath, [script, ...args], { env, encoding: 'utf8' })
}

/** The lines of `npm run doctor` that are not ok. The disk of the machine that runs the tests may be full. */
function doctorLines(): readonly string[] {
  const lines = commandResult(['doctor']).stdout.trim().split('\n')
  return lines.filter((line) => !line.endsWith(': ok') && !line.startsWith('MongoDB disk: '))
}

test('npm start starts all programs and prints their addresses; Ctrl-C ends them all and keeps the data', async () => {
  const first = start(sandbox)
  const output = await first.runs()
  expect(output).toContain('统一用户平台已启动')
  expect(output).toContain('The platform is running')
  const { EXAM_PORT, SOCIAL_PORT, PLAYGROUND_PORT } = sandbox.env
  for (const port of [EXAM_PORT, SOCIAL_PORT, PLAYGROUND_PORT])
    expect(output).toContain(`http://localhost:${port}/`)
  expect(output).toMatch(/招商银行 \d{16}/)
  const keys = await platformKeys()
  expect(keys.keys).not.toHaveLength(0)
  const live = await fetch(`http://localhost:${sandbox.env.PORT}/health/live`)
  expect(live.headers.get('keep-alive')).toBe('timeout=65')
  expect(command('client', 'list')).toMatch(
    /^exam-service .*sandbox-clients\.json {2}考生服务系统$/m,
  )
  command('client', 'add', '--id', 'library', '--redirect-uri', 'https://library.test/callback')
  expect(command('client', 'list')).toMatch(/^library +command/m)
  expect(command('keys', 'list')).toMatch(/^RS256 {2}1 {2}signs /m)
  expect(doctorLines()).toEqual([])
  for (const port of [EXAM_PORT, SOCIAL_PORT, PLAYGROUND_PORT])
    expect((await fetch(`http://localhost:${port}/`)).status).toBe(200)
  expect(statSync(join(sandbox.dataDir, 'secrets.json')).mode & 0o777).toBe(0o600)
  await withRedis((redis) => redis.set('stays', 'yes'))
  expect(await runningOf(sandbox)).toEqual(expect.arrayContaining(allPrograms))

  const second = await start(sandbox).ended
  expect(second.code).toBe(1)
  expect(second.errors).toMatch(/^It runs already here \(process \d+\): stop that one, or .+\n$/)
  expect(await runningOf(sandbox)).toEqual(expect.arrayContaining(allPrograms))

  first.kill('SIGINT')
  expect(await first.ended).toMatchObject({ code: 0, errors: '' })
  expect(await runningOf(sandbox)).toEqual([])

  const again = start(sandbox)
  await again.runs()
  expect(await platformKeys()).toEqual(keys)
  expect(await withRedis((redis) => redis.get('stays'))).toBe('yes')
  again.kill('SIGTERM')
  expect(await again.ended).toMatchObject({ code: 0, errors: '' })
  expect(await runningOf(sandbox)).toEqual([])
})

test('the programs of a killed start end by themselves, and the next start waits for them', async () => {
  const killed = start(sandbox)
  await killed.runs()
  killed.kill('SIGKILL')
  await killed.ended
  expect(await runningOf(sandbox)).toContain('reaper')
  const next = start(sandbox)
  await next.runs()
  expect(await runningOf(sandbox)).toEqual(expect.arrayContaining(allPrograms))

  next.kill('SIGHUP')
  expect((await next.ended).code).toBe(0)
  expect(await runningOf(sandbox)).toEqual([])
})

test.each([
  ['The platform', 'platform'],
  ['The exam service', 'exam'],
  ['The social service', 'social'],
  ['MongoDB', 'MongoDB'],
] as const)(
  '%s ends unexpectedly: npm start prints one line and ends all programs',
  async (name, program) => {
    const started = start(sandbox)
    await started.runs()
    killProgram(sandbox, program)
    const { code, errors } = await started.ended
    expect(errors).toMatch(new RegExp(`^${name} ended unexpectedly: SIGKILL.*\n$`))
    expect(code).toBe(1)
    expect(await runningOf(sandbox)).toEqual([])
  },
)

test.each(['PORT', 'EXAM_PORT', 'SOCIAL_PORT', 'PLAYGROUND_PORT', 'SIMULATOR_PORT'])(
  'npm start prints one line with a remedy if the port %s is taken',
  async (name) => {
    const other = createServer().listen(Number(sandbox.env[name]), '127.0.0.1')
    try {
      const { code, errors } = await start(sandbox).ended
      expect(errors).toBe(
        `Port ${sandbox.env[name]} is taken: stop the program that uses it, or set ${name}=…\n`,
      )
      expect(code).toBe(1)
      expect(await runningOf(sandbox)).toEqual([])
    } finally {
      other.close()
    }
  },
)

test('npm start with a bad environment prints a line for each problem and ends with status 78', async () => {
  const bad = {
    ...{ DATA_KEYS: 'one', PORT: 'x', ISSUER: 'here', LIMITS_SCALE: '-1' },
    BRAND_LOGO: '/nowhere/emblem.svg',
  }
  const { code, errors } = await start(sandbox, bad).ended
  const names = errors
    .trim()
    .split('\n')
    .map((line) => line.split(':')[0])
  expect(names.sort()).toEqual(['BRAND_LOGO', 'DATA_KEYS', 'ISSUER', 'LIMITS_SCALE', 'PORT'])
  expect(code).toBe(78)
  expect(await runningOf(sandbox)).toEqual([])
})

test('npm start with other keys than those of the stored data prints a line for each and ends with status 78', async () => {
  const first = start(sandbox)
  await first.runs()
  first.kill('SIGINT')
  await first.ended
  const { DATA_KEYS, DIGEST_KEY } = newKeys()
  const { code, errors } = await start(sandbox, { DATA_KEYS, DIGEST_KEY }).ended
  expect(errors).toMatch(/^DATA_KEYS: version 1 is not .+\nDIGEST_KEY: is not .+\n$/)
  expect(code).toBe(78)
  expect(await runningOf(sandbox)).toEqual([])
})

test('npm start with wrong ports of the sample services prints a line for each and ends with status 78', async () => {
  const { code, errors } = await start(sandbox, { EXAM_PORT: '0', SIMULATOR_PORT: 'x' }).ended
  expect(errors).toBe(
    'EXAM_PORT: must be a port, 1 to 65535\nSIMULATOR_PORT: must be a port, 1 to 65535\n',
  )
  expect(code).toBe(78)
})

test('npm start prints one line with what is missing if nothing is installed and nothing can be downloaded', async () => {
  const clone = mkdtempSync(join(tmpdir(), 'uup-clone-'))
  try {
    cpSync(join(checkout, 'sandbox'), join(clone, 'sandbox'), { recursive: true })
    cpSync(join(checkout, 'package-lock.json'), join(clone, 'package-lock.json'))
    mkdirSync(join(clone, 'bin'))
    const script = join(clone, 'sandbox/start.mjs')
    const packages = await start(sandbox, { PATH: join(clone, 'bin') }, script).ended
    expect(packages.errors).toBe('npm is missing: install it with Node.js, then run npm ci\n')
    expect(packages.code).toBe(1)

    symlinkSync(join(checkout, 'node_modules'), join(clone, 'node_modules'))
    const stores = await start(sandbox, { PATH: join(clone, 'bin') }, script).ended
    expect(stores.errors).toMatch(/^(MongoDB|Redis) is missing: install .+, or set \w+=.+\n$/)
    expect(stores.code).toBe(1)
    expect(await runningOf(sandbox)).toEqual([])
  } finally {
    rmSync(clone, { recursive: true, force: true })
  }
})
