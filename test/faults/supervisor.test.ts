import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../sandbox/ports.mjs'
import { begunRequest } from '../support/begun-request.ts'
import { startedPlatform } from '../support/started-platform.ts'
import { type TestStores, testStores } from '../support/stores.ts'

jest.setTimeout(120_000)

let stores: TestStores
const running: number[] = []
beforeEach(async () => {
  stores = await testStores()
})
afterEach(async () => {
  for (const pid of running.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  await stores.close()
})

/** Two processes and the one that keeps them. */
async function platformOfTwo(more: Readonly<Record<string, string>> = {}) {
  const started = await startedPlatform(stores, { PROCESSES: '2', ...more })
  running.push(started.pid)
  return started
}

/** The processes that another has started, in the order of their numbers. */
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

/** Those of them that the platform answers in; tsx has a compiler of its own. */
const workersOf = (pid: number): readonly number[] =>
  childrenOf(pid).filter((child) =>
    readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('main.ts'),
  )

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('one that is killed is replaced while the other answers, and all end when they are told to', async () => {
  const { pid, url, port, ended, listening, logged } = await platformOfTwo()
  await listening(2)
  const [victim = 0, other = 0] = workersOf(pid)
  process.kill(victim, 'SIGKILL')
  // What it was answering is lost; nothing after that.
  while (isAlive(victim)) await sleep(1)
  const page = `${url}/.well-known/openid-configuration`
  const asked = await Promise.all(Array.from({ length: 40 }, () => fetch(page)))
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([200]))
  await listening(3)
  const workers = workersOf(pid)
  expect(workers).toHaveLength(2)
  expect(workers).toContain(other)
  expect(workers).not.toContain(victim)

  // A request that has begun when the end is asked for is answered.
  const request = await begunRequest(port, '/health/live')
  process.kill(pid, 'SIGTERM')
  await logged('draining', 2)
  expect(await request.finish()).toMatch(/^HTTP\/1\.1 200 /)
  const { code, words } = await ended
  expect(code).toBe(0)
  expect(words).toMatch(new RegExp(`"process":${victim},"status":null,"signal":"SIGKILL"`))
  expect(words.match(/"msg":"stopped"/g)).toHaveLength(2)
  expect(isAlive(other)).toBe(false)
  await expect(fetch(url)).rejects.toThrow()
})

test('where one dies again and again, all end and say so', async () => {
  const { pid, url, ended, listening } = await platformOfTwo()
  await listening(2)
  const killing = setInterval(() => {
    const [first] = isAlive(pid) ? workersOf(pid) : []
    if (first) process.kill(first, 'SIGKILL')
  }, 20)
  const { code, words } = await ended
  clearInterval(killing)
  expect(code).toBe(1)
  expect(words).toContain('a process can not be kept: all end')
  await expect(fetch(url)).rejects.toThrow()
})

test('when the one that keeps them is killed, none is left behind', async () => {
  const { pid, ended, listening } = await platformOfTwo()
  await listening(2)
  const workers = workersOf(pid)
  process.kill(pid, 'SIGKILL')
  await ended
  while (workers.some(isAlive)) await sleep(50)
})

test('a store that is away at the start is said once, and a bad setting too', async () => {
  const away = await platformOfTwo({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` })
  const { code, words } = await away.ended
  expect(code).toBe(1)
  expect(words.match(/^Error: Redis does not answer/gm)).toHaveLength(1)
  const wrong = await platformOfTwo({ DIGEST_KEY: 'short' })
  const told = await wrong.ended
  expect(told.code).toBe(78)
  expect(told.words.match(/^DIGEST_KEY: must be 32 bytes/gm)).toHaveLength(1)
})
