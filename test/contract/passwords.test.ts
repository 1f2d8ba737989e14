import { pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto'
import { hashSync } from '@node-rs/argon2'
import { hashSync as bcryptSync } from '@node-rs/bcrypt'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { passwordsArgon2 } from '../../src/adapters/crypto/passwords-argon2.ts'
import { pepperedPasswords, pepperOf } from '../../src/adapters/crypto/peppered-passwords.ts'
import { powersOfTwo } from '../../src/adapters/crypto/powers-of-two.ts'
import { readHash } from '../../src/adapters/crypto/read-hash.ts'
import { restOfCosts } from '../../src/adapters/crypto/rest-of-costs.ts'
import { type HashCost, Overloaded, type Passwords } from '../../src/ports/passwords.ts'

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

  test('the length of the queue is reported as it grows and shrinks', async () => {
    const lengths: number[] = []
    const report = (waiting: number) => void lengths.push(waiting)
    const passwords = passwordsArgon2(argon2, 1, undefined, report)
    await Promise.all(['one', 'two', 'three'].map((secret) => passwords.hash(secret)))
    expect(lengths).toEqual([1, 2, 1, 0, 0])
  })

  test('a person from elsewhere does not wait for a flood on one name', async () => {
    const passwords = passwordsArgon2({ ...argon2, queue: 200 }, 2)
    const ended: string[] = []
    const flooder = { name: 'owner', address: '203.0.113.7' }
    const flood = Array.from({ length: 40 }, (_, n) =>
      passwords.hash(`secret ${n}`, flooder).then(() => ended.push('flood')),
    )
    const person = passwords.hash('secret', { name: 'somebody', address: '198.51.100.9' })
    await person.then(() => ended.push('person'))
    expect(ended.indexOf('person')).toBeLessThan(8)
    expect(passwords.expectedWait()).toBeGreaterThan(0)
    await Promise.all(flood)
    expect(passwords.expectedWait()).toBe(0)
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

describe.each(['aes', 'sm'] as const)('passwords with a pepper (%s)', (crypto) => {
  const cost = { memoryCost: 64, timeCost: 1, parallelism: 1, queue: 100 }
  const argon2 = passwordsArgon2(cost)
  const [derived, ...keys] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const
  const [first, second] = keys.map((key, at) => ({ version: String(at + 1), key }))
  const withKeys = (...given: (typeof first)[]) =>
    pepperedPasswords(
      argon2,
      pepperOf(given.length ? given.flatMap((key) => key ?? []) : undefined, derived, crypto),
    )

  passwordsContract(() => withKeys(first))

  test('without the key a stored hash can not be tried: it contains neither salt nor cost', async () => {
    const stored = await withKeys(first).hash('secret')
    expect(stored).toMatch(new RegExp(`^${crypto}\\.1\\.[\\w-]+$`))
    await expect(argon2.matches('secret', stored)).rejects.toThrow()
    await expect(withKeys(second).matches('secret', stored)).rejects.toThrow('no pepper key')
    const other = { version: '1', key: randomBytes(32) }
    await expect(withKeys(other).matches('secret', stored)).rejects.toThrow()
  })

  test('a hash without a pepper, and one with an older pepper, match and are outdated', async () => {
    const before = await argon2.hash('secret')
    const older = await withKeys(first).hash('secret')
    const ofDerived = await withKeys().hash('secret')
    const now = withKeys(second, first)
    for (const stored of [before, older, ofDerived]) {
      expect(await now.matches('secret', stored)).toBe(true)
      expect(await now.matches('Secret', stored)).toBe(false)
      expect(now.isOutdated(stored)).toBe(true)
    }
    const current = await now.hash('secret')
    expect(now.isOutdated(current)).toBe(false)
    expect(withKeys(first, second).isOutdated(current)).toBe(true)
  })

  test('a hash is outdated at a lower cost or with another algorithm, whatever its pepper', async () => {
    const stored = await withKeys(first).hash('secret')
    const dearer = passwordsArgon2({ ...cost, timeCost: 2 })
    const pepper = pepperOf(first && [first], derived, crypto)
    expect(pepperedPasswords(dearer, pepper).isOutdated(stored)).toBe(true)
    const other = pepperOf(first && [first], derived, crypto === 'aes' ? 'sm' : 'aes')
    expect(pepperedPasswords(argon2, other).isOutdated(stored)).toBe(true)
    expect(await pepperedPasswords(argon2, other).matches('secret', stored)).toBe(true)
  })

  test('the pepper of a hash is replaced without the password', async () => {
    const stored = await withKeys(first).hash('secret')
    const pepper = pepperOf(
      [second, first].flatMap((key) => key ?? []),
      derived,
      crypto,
    )
    const replaced = pepper.add(pepper.remove(stored))
    expect(await withKeys(second).matches('secret', replaced)).toBe(true)
  })
})

describe('imported hashes', () => {
  const cheap = { ...policy().argon2, memoryCost: 64, timeCost: 1 }
  const bcrypt = (cost: number) => bcryptSync('secret', { cost })
  const rounds = (count: number) => {
    const key = pbkdf2Sync('secret', 'salt', count, 32, 'sha256').toString('base64')
    return `$pbkdf2-sha256$${count}$c2FsdA$${key.replaceAll('+', '.').replace('=', '')}`
  }
  const scrypted = (ln: number) => {
    const key = scryptSync('secret', 'salt', 32, { N: 2 ** ln, r: 8, p: 1 })
    return `$scrypt$ln=${ln},r=8,p=1$c2FsdA$${key.toString('base64').replace('=', '')}`
  }
  const ofArgon2 = (algorithm: number) =>
    hashSync('secret', { algorithm, memoryCost: 128, timeCost: 2 })
  const all = [
    ...[bcrypt(4), bcrypt(6), rounds(1000), rounds(1700), scrypted(4), scrypted(6)],
    ...[ofArgon2(0), ofArgon2(1), ofArgon2(2)],
  ]
  const costs = all.flatMap((hash) => readHash(hash)?.cost ?? [])
  const passwords = passwordsArgon2(cheap, 2, { current: () => costs })

  test.each(all.map((hash) => [hash.slice(0, 12), hash] as const))(
    'a secret matches a hash like %s… and no other secret does',
    async (_, hash) => {
      for (const evenly of [undefined, 'when wrong', 'always'] as const) {
        expect(await passwords.matches('secret', hash, undefined, evenly)).toBe(true)
        expect(await passwords.matches('Secret', hash, undefined, evenly)).toBe(false)
      }
      expect(passwords.isOutdated(hash)).toBe(!hash.startsWith('$argon2id$'))
      expect(await passwords.matches('secret', undefined, undefined, 'when wrong')).toBe(false)
    },
  )

  test('a wrong password costs the same work whatever hash it is compared with', () => {
    const own = { class: 'the own one', work: 1 }
    const profile = [...costs, own]
    const sumOf = (spent: HashCost | undefined) => {
      const sums = new Map<string, number>()
      for (const { class: name, work } of [
        ...(spent ? [spent] : []),
        ...restOfCosts(profile, spent),
      ])
        sums.set(name, (sums.get(name) ?? 0) + work)
      return [...sums].sort()
    }
    // An unknown username is compared with a hash of the present cost; a plain digest takes no time.
    const expected = sumOf(own)
    expect(expected).toHaveLength(1 + 3 + 3)
    for (const spent of [...costs, undefined]) expect(sumOf(spent)).toEqual(expected)
  })

  test('the class of a hash is a hash of this class that can be computed with any work', async () => {
    for (const { class: name, work } of costs) {
      expect(readHash(name)?.cost?.class).toBe(name)
      await readHash(name)?.spend(work)
    }
    expect([powersOfTwo(1), powersOfTwo(48), powersOfTwo(2 ** 14 - 16)]).toEqual([
      ...[[0], [4, 5]],
      [4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
    ])
  })
})
