import { randomBytes } from 'node:crypto'
import { keyProviderEnv } from '../../src/adapters/crypto/key-provider-env.ts'
import type { KeyProvider } from '../../src/ports/services/key-provider.ts'

const versioned = (version: string) => ({ version, key: randomBytes(32) })
const [old, current] = [versioned('1'), versioned('2')]

/** For each provider: one with only the old key, one with both, and one with only the new key. */
const providers: readonly [string, readonly [KeyProvider, KeyProvider, KeyProvider]][] = (
  ['aes', 'sm'] as const
).map((crypto) => [
  `env with ${crypto}`,
  [
    keyProviderEnv([old], crypto),
    keyProviderEnv([current, old], crypto),
    keyProviderEnv([current], crypto),
  ],
])

describe.each(providers)('%s', (_, [before, both, after]) => {
  const dataKey = randomBytes(32)

  test('a wrapped key is unwrapped to the same key, and does not contain it', async () => {
    const stored = await before.wrap(dataKey, 'data_keys/1')
    expect(await before.unwrap(stored, 'data_keys/1')).toEqual(dataKey)
    for (const encoding of ['base64', 'base64url', 'hex'] as const)
      expect(stored.wrapped).not.toContain(dataKey.toString(encoding))
  })

  test('a key is not unwrapped in another context, or changed', async () => {
    const stored = await before.wrap(dataKey, 'data_keys/1')
    const changed = { ...stored, wrapped: `${stored.wrapped.slice(0, -4)}AAAA` }
    const missing = { name: 'WrappingKeyMissing' }
    await expect(before.unwrap(stored, 'data_keys/2')).rejects.toMatchObject(missing)
    await expect(before.unwrap(changed, 'data_keys/1')).rejects.toMatchObject(missing)
  })

  test('the newest key wraps, older ones unwrap, and a key that is gone is named', async () => {
    const stored = await before.wrap(dataKey, 'data_keys/1')
    expect(await both.unwrap(stored, 'data_keys/1')).toEqual(dataKey)
    const again = await both.wrap(dataKey, 'data_keys/1')
    expect(await after.unwrap(again, 'data_keys/1')).toEqual(dataKey)
    const gone = after.unwrap(stored, 'data_keys/1')
    await expect(gone).rejects.toMatchObject({ name: 'WrappingKeyMissing' })
    await expect(gone).rejects.toThrow(stored.keyVersion)
  })
})
