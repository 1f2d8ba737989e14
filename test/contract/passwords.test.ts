import { hashSync } from '@node-rs/argon2'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { passwordsArgon2 } from '../../src/adapters/crypto/passwords-argon2.ts'
import { Overloaded, type Passwords } from '../../src/ports/passwords.ts'

/** The contract of every `Passwords`. */
function passwordsContract(make: () => Passwords) {
  test('a secret matches its own hash and no other', async () => {
    const passwords = make()
    const hash = await passwords.hash('Shenzhen 2026 考试')
    expect(await passwords.matches('Shenzhen 2026 考试', hash)).toBe(true)
    expect(await passwords.matches('shenzhen 2026 考试', hash)).toBe(false)
    expect(await passwords.matches('', hash)).toBe(false)
    expect(hash).not.toContain('Shenzhen')
  })

  test('every hash has its own salt', async () => {
    const passwords = make()
    expect(await passwords.hash('same')).not.toBe(await passwords.hash('same'))
  })

  test('the composed and the decomposed form of a character match (NFC)', async () => {
    const passwords = make()
    const [composed, decomposed] = ['caf\u00e9-caf\u00e9', 'cafe\u0301-cafe\u0301']
    expect(await passwords.matches(decomposed, await passwords.hash(composed))).toBe(true)
    expect(await passwords.matches(composed, await passwords.hash(decomposed))).toBe(true)
  })

  test('all 128 characters count', async () => {
    const passwords = make()
    const long = '𠮷'.repeat(127)
    const hash = await passwords.hash(`${long}a`)
    expect(await passwords.matches(`${long}b`, hash)).toBe(false)
    expect(await passwords.matches(`${long}a`, hash)).toBe(true)
  })

  test('nothing matches without a hash', async () => {
    const passwords = make()
    for (const secret of ['', 'password', 'undefined'])
      expect(await passwords.matches(secret, undefined)).toBe(false)
  })
}

describe('passwords by argon2', () => {
  const { argon2 } = policy()
  passwordsContract(() => passwordsArgon2(argon2))

  test('a hash names argon2id and the cost of the policy', async () => {
    expect(await passwordsArgon2(argon2).hash('secret')).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    )
  })

  test('a hash of another cost still matches', async () => {
    const old = hashSync('secret', { memoryCost: 8192, timeCost: 1, parallelism: 2 })
    expect(await passwordsArgon2(argon2).matches('secret', old)).toBe(true)
    expect(await passwordsArgon2(argon2).matches('Secret', old)).toBe(false)
  })

  test('a hash with a lower cost is outdated, and one with the same or a higher cost is not', async () => {
    const passwords = passwordsArgon2(argon2)
    const { memoryCost, timeCost } = argon2
    const made = (cost: object) => hashSync('secret', { memoryCost, timeCost, ...cost })
    expect(passwords.isOutdated(made({ memoryCost: 8192 }))).toBe(true)
    expect(passwords.isOutdated(made({ timeCost: 1 }))).toBe(true)
    expect(passwords.isOutdated(made({ timeCost: 3 }))).toBe(false)
    expect(passwords.isOutdated(await passwords.hash('secret'))).toBe(false)
  })

  test('a malformed hash rejects instead of counting as a wrong password', async () => {
    await expect(passwordsArgon2(argon2).matches('secret', 'broken')).rejects.toThrow()
  })

  test('a full queue refuses with Overloaded and accepts work again when it has emptied', async () => {
    const passwords = passwordsArgon2({ ...argon2, queue: 3 }, 2)
    const rush = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) => passwords.hash(`secret ${n}`)),
    )
    expect(rush.map(({ status }) => status)).toEqual([
      ...Array(5).fill('fulfilled'),
      ...Array(7).fill('rejected'),
    ])
    for (const outcome of rush)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(Overloaded)
    expect(await passwords.matches('secret', await passwords.hash('secret'))).toBe(true)
  })

  test('matching without a hash costs about as much as with one, so that timing does not reveal accounts', async () => {
    const passwords = passwordsArgon2(argon2)
    const hash = await passwords.hash('secret')
    /** Processor time of all threads in µs, which does not depend on the load of the machine. */
    const work = async (against: string | undefined) => {
      const before = process.cpuUsage()
      await passwords.matches('wrong', against)
      return process.cpuUsage(before).user
    }
    await work(hash)
    const total = { with: 0, without: 0 }
    // By turns, so that whatever disturbs one disturbs the other as well.
    for (let n = 0; n < 10; n += 1) {
      total.with += await work(hash)
      total.without += await work(undefined)
    }
    expect(total.without).toBeGreaterThan(total.with / 2)
  })

  test('a fault frees its place in the queue', async () => {
    const passwords = passwordsArgon2({ ...argon2, queue: 0 }, 1)
    await expect(passwords.matches('secret', 'broken')).rejects.toThrow()
    expect(await passwords.hash('secret')).toMatch(/^\$argon2id/)
  })
})
