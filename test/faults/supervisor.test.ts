import { setTimeout as sleep } from 'node:timers/promises'
import { begunRequest } from '../support/begun-request.ts'
import { ownPort } from '../support/own-port.ts'
import { startedPlatform } from '../support/started-platform.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { workersOf } from '../support/worker-processes.ts'

let stores: TestStores
const running: number[] = []
beforeEach(async () => {
  stores = await testStores()
})
afterEach(async () => {
  for (const pid of running.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  await stores.close()
})

/** A supervisor with two workers. */
async function platformWithTwoWorkers(more: Readonly<Record<string, string>> = {}) {
  const started = await startedPlatform(stores, { PROCESSES: '2', ...more })
  running.push(started.pid)
  return started
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a killed worker is replaced while the other one answers, and SIGTERM ends all', async () => {
  const { pid, url, port, ended, listening, logged } = await platformWithTwoWorkers()
  await listening(2)
  const [victim = 0, other = 0] = workersOf(pid)
  process.kill(victim, 'SIGKILL')
  // Only the requests of the killed worker are lost; later ones are answered.
  while (isAlive(victim)) await sleep(1)
  const page = `${url}/.well-known/openid-configuration`
  const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(page)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  await listening(3)
  const workers = workersOf(pid)
  expect(workers).toHaveLength(2)
  expect(workers).toContain(other)
  expect(workers).not.toContain(victim)

  // A request that began before SIGTERM is answered.
  const request = await begunRequest(port, '/health/live')
  process.kill(pid, 'SIGTERM')
  await logged('draining', 2)
  expect(await request.finish()).toMatch(/^HTTP\/1\.1 200 /)
  const { code, output } = await ended
  expect(code).toBe(0)
  expect(output).toMatch(new RegExp(`"process":${victim},"status":null,"signal":"SIGKILL"`))
  expect(output.match(/"msg":"stopped"/g)).toHaveLength(2)
  expect(isAlive(other)).toBe(false)
  await expect(fetch(url)).rejects.toThrow()
})

test('workers that are killed again and again end the supervisor with status 1 and a log line', async () => {
  const { pid, url, ended, listening } = await platformWithTwoWorkers()
  await listening(2)
  const killing = setInterval(() => {
    const [first] = isAlive(pid) ? workersOf(pid) : []
    if (first) process.kill(first, 'SIGKILL')
  }, 20)
  const { code, output } = await ended
  clearInterval(killing)
  expect(code).toBe(1)
  expect(output).toContain('a process can not be kept: all end')
  await expect(fetch(url)).rejects.toThrow()
})

test('all workers end when the supervisor is killed', async () => {
  const { pid, ended, listening } = await platformWithTwoWorkers()
  await listening(2)
  const workers = workersOf(pid)
  process.kill(pid, 'SIGKILL')
  await ended
  while (workers.some(isAlive)) await sleep(50)
})

test('a start reports a store that does not answer once, and a bad setting once', async () => {
  const withoutRedis = await platformWithTwoWorkers({
    REDIS_URL: `redis://127.0.0.1:${await ownPort()}`,
  })
  const { code, output } = await withoutRedis.ended
  expect(code).toBe(1)
  expect(output.match(/^Error: Redis does not answer/gm)).toHaveLength(1)
  const misconfigured = await platformWithTwoWorkers({ DIGEST_KEY: 'short' })
  const refused = await misconfigured.ended
  expect(refused.code).toBe(78)
  expect(refused.output.match(/^DIGEST_KEY: must be 32 bytes/gm)).toHaveLength(1)
})
