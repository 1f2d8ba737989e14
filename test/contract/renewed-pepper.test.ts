import { randomBytes } from 'node:crypto'
import { pepperOf } from '../../src/adapters/crypto/peppered-passwords.ts'
import {
  recordKeys,
  retiredPeppers,
  retireOtherPeppers,
} from '../../src/adapters/mongo/data-keys/key-check-values.ts'
import { withRenewedPepper } from '../../src/adapters/mongo/data-keys/renewed-pepper.ts'
import { testStores } from '../support/stores.ts'
import { testCrypto, testEncryption } from '../support/test-encryption.ts'

const versioned = (version: string) => ({ version, key: randomBytes(32) })
const [first, second, dataKey] = [versioned('1'), versioned('2'), versioned('1')]
const derived = randomBytes(32)
const context = (field: string) => ({ collection: 'accounts', record: 'a', field })

test('a renewed account has the present pepper in its password and its answers, and nothing else changes', () => {
  const encryption = testEncryption()
  const renewing = withRenewedPepper(encryption, pepperOf([second, first], derived, testCrypto))
  const before = pepperOf([first], derived, testCrypto)
  const after = pepperOf([second], derived, testCrypto)
  const throughField = (field: string, value: string) =>
    encryption.decrypt(renewing.encrypt(value, context(field)), context(field))
  for (const old of ['$argon2id$hash', before.add('$argon2id$hash')])
    expect(after.remove(throughField('passwordHash', old))).toBe('$argon2id$hash')
  const questions = [{ question: 'first_pet', answerHash: before.add('$argon2id$answer') }]
  const [renewed] = JSON.parse(throughField('questions', JSON.stringify(questions)))
  expect(renewed.question).toBe('first_pet')
  expect(after.remove(renewed.answerHash)).toBe('$argon2id$answer')
  expect(throughField('name', '林小满')).toBe('林小满')
})

test('another pepper key of a known version, or a missing one, ends the start, until a rotation has retired it', async () => {
  const stores = await testStores()
  const start = (...PEPPER_KEYS: (typeof first)[]) =>
    recordKeys(stores.mongodb, { DATA_KEYS: [dataKey], DIGEST_KEY: derived, PEPPER_KEYS })
  try {
    await start(first)
    await start(second, first)
    for (const others of [[versioned('1'), second], [second]])
      await expect(start(...others)).rejects.toMatchObject({
        problems: [expect.stringMatching(/^PEPPER_KEYS: version 1 is/)],
      })
    expect(await retiredPeppers(stores.mongodb)).toEqual([])
    await retireOtherPeppers(stores.mongodb, '2')
    expect(await retiredPeppers(stores.mongodb)).toEqual(['1'])
    await start(second)
    // Its version stays taken, in every place of the list.
    for (const others of [
      [versioned('1'), second],
      [second, versioned('1')],
    ])
      await expect(start(...others)).rejects.toMatchObject({
        problems: [expect.stringMatching(/^PEPPER_KEYS: version 1 is not the key of that version/)],
      })
    await start(second, first)
    await start(second)
    // In first place it encrypts hashes again, so it is needed again.
    await start(first, second)
    await expect(start(second)).rejects.toMatchObject({
      problems: [expect.stringMatching(/^PEPPER_KEYS: version 1 is missing/)],
    })
  } finally {
    await stores.close()
  }
})
