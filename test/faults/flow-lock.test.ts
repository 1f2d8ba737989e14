import { policy } from '../../config/limits-and-lifetimes.ts'
import { flowsRedis } from '../../src/adapters/redis/flows-redis.ts'
import { triesRedis } from '../../src/adapters/redis/tries-redis.ts'
import type { Context } from '../../src/web/context.ts'
import type { FlowDefinition } from '../../src/web/flow/flow-definition.ts'
import { flowPages } from '../../src/web/flow/flow-pages.ts'
import type { FlowPorts } from '../../src/web/flow/flow-ports.ts'
import { newState } from '../../src/web/flow/flow-state.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores.close())

type Answers = { readonly only: string }
const title = 'registration.title'
const flow: FlowDefinition<Answers, FlowPorts> = {
  path: 'sample',
  title,
  steps: { only: { title, keeps: [], captcha: true, actions: { next: () => ({ invalid: [] }) } } },
  done: { title },
}

test('a request that gets no captcha releases the lock of its flow at once', async () => {
  const { redis, keyPrefix } = stores
  const usual = policy()
  const flows = flowsRedis({
    ...{ redis, keyPrefix, encryption: testEncryption(), clock: Date.now },
    policy: { ...usual.flow, turn: 1 },
  })
  const captchas = {
    issue: async () => {
      throw new Error('the store fails')
    },
    find: async () => undefined,
    picture: async () => undefined,
    sound: async () => undefined,
    answer: async () => 'wrong' as const,
  }
  const captchaAnswers = { count: async () => {}, recent: async () => ({ answers: 0, wrong: 0 }) }
  const tries = triesRedis({ redis, keyPrefix, encryption: testEncryption(), clock: Date.now })
  const clientLinks = {
    ofInteraction: async () => undefined,
    find: async () => undefined,
    findApproved: async () => undefined,
  }
  const cases = {
    ...{ file: async () => '2222-2222', find: async () => undefined },
    ...{ list: async () => ({ cases: [] }), handle: async () => false },
  }
  const openRequests = {
    ...{ count: async () => 0, add: async () => {} },
    ...{ addWithin: async () => true, remove: async () => {} },
  }
  const ports = {
    ...{ flows, captchas, captchaAnswers, tries, cases, clientLinks, openRequests },
    ...{ clock: Date.now, counters: { add() {} }, policy: usual },
  }
  const pages = flowPages(flow, ports, () => {})
  const visitor = { ip: '198.51.100.1' } as Context
  const state = newState<Answers>()
  const key = await flows.create(state)
  await expect(pages.prepare(visitor, key, state, 'only')).rejects.toThrow('the store fails')
  const next = await flows.open(key)
  expect(next).not.toBe('busy')
  if (typeof next !== 'string') await next.close()
})
