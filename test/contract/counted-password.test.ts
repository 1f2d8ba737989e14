import { randomUUID } from 'node:crypto'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { passwordsArgon2 } from '../../src/adapters/crypto/passwords-argon2.ts'
import { limitsRedis } from '../../src/adapters/redis/limits-redis.ts'
import { triesRedis } from '../../src/adapters/redis/tries-redis.ts'
import type { Visitor } from '../../src/people/visitor.ts'
import { verifyPassword } from '../../src/proofs/verify-password.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores.close())

const visitor: Visitor = {
  ...{ address: '192.0.2.1', browser: 'a-browser', locale: 'zh-CN' },
  ...{ freshCaptcha: true, isRemembered: () => false },
}

test('a password that the full queue of hashes did not compare is no failed login', async () => {
  const store = { ...stores, encryption: testEncryption(), clock: Date.now }
  // One hash at a time, and nobody may wait.
  const passwords = passwordsArgon2({ memoryCost: 19456, timeCost: 2, parallelism: 1, queue: 0 }, 1)
  const ports = {
    ...{ passwords, tries: triesRedis(store), limits: limitsRedis(store) },
    policy: policyOf(),
  }
  const counter = ['login', randomUUID()] as const
  const attempt = () => verifyPassword('wrong', undefined, counter, visitor, ports)
  const results = await Promise.allSettled(Array.from({ length: 20 }, attempt))
  const compared = results.filter(
    ({ status, ...result }) =>
      status === 'fulfilled' && JSON.stringify(result).includes('"why":"password"'),
  ).length
  const overloaded = results.filter(({ status }) => status === 'rejected').length
  expect(compared).toBeGreaterThan(0)
  expect(overloaded).toBeGreaterThan(0)
  // The rest of the five failures is still left.
  for (let n = compared; n < 5; n += 1) expect(await attempt()).toMatchObject({ why: 'password' })
  expect(await attempt()).toMatchObject({ why: 'wait' })
})
