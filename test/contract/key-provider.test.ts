import { randomBytes } from 'node:crypto'
import { keyProviderEnv } from '../../src/adapters/crypto/key-provider-env.ts'
import type { KeyProvider } from '../../src/ports/services/key-provider.ts'
import { kmsVendors } from '../support/vendors/kms-providers.ts'
import { localServer } from '../support/vendors/local-server.ts'

const versioned = (version: string) => ({ version, key: randomBytes(32) })
const [old, current] = [versioned('1'), versioned('2')]

/** One provider with only the old key, one with both, and one with only the new key. */
type Providers = readonly [KeyProvider, KeyProvider, KeyProvider]
type Opened = { readonly providers: Providers; readonly close?: () => Promise<unknown> }

const env = (['aes', 'sm'] as const).map((crypto) => [
  `env with ${crypto}`,
  async (): Promise<Opened> => ({
    providers: [
      keyProviderEnv([old], crypto),
      keyProviderEnv([current, old], crypto),
      keyProviderEnv([current], crypto),
    ],
  }),
])

const ofKms = Object.entries(kmsVendors).map(([name, { provider, server }]) => [
  name,
  async (): Promise<Opened> => {
    const [withOld, withCurrent] = [{ 'key-1': old.key }, { 'key-2': current.key }]
    const servers = await Promise.all([localServer(), localServer(), localServer()])
    const keys = [withOld, { ...withOld, ...withCurrent }, withCurrent]
    for (const [at, each] of servers.entries()) each.answer(server(keys[at] ?? {}))
    const [before, both, after] = servers
    return {
      providers: [
        provider({ baseUrl: before.baseUrl, keyId: 'key-1' }),
        provider({ baseUrl: both.baseUrl, keyId: 'key-2' }),
        provider({ baseUrl: after.baseUrl, keyId: 'key-2' }),
      ],
      close: () => Promise.all(servers.map((each) => each.close())),
    }
  },
])

describe.each([...env, ...ofKms] as [string, () => Promise<Opened>][])('%s', (_, open) => {
  const dataKey = randomBytes(32)
  let opened: Opened
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(() => opened.close?.())

  test('a wrapped key is unwrapped to the same key, and does not contain it', async () => {
    const [before] = opened.providers
    const stored = await before.wrap(dataKey, 'data_keys/1')
    expect(await before.unwrap(stored, 'data_keys/1')).toEqual(dataKey)
    for (const encoding of ['base64', 'base64url', 'hex'] as const)
      expect(stored.wrapped).not.toContain(dataKey.toString(encoding))
  })

  test('a key is not unwrapped in another context, or changed', async () => {
    const [before] = opened.providers
    const stored = await before.wrap(dataKey, 'data_keys/1')
    const changed = { ...stored, wrapped: `${stored.wrapped.slice(0, -8)}AAAAAAA=` }
    const missing = { name: 'WrappingKeyMissing' }
    await expect(before.unwrap(stored, 'data_keys/2')).rejects.toMatchObject(missing)
    await expect(before.unwrap(changed, 'data_keys/1')).rejects.toMatchObject(missing)
  })

  test('the newest key wraps, older ones unwrap, and a key that is gone is named', async () => {
    const [before, both, after] = opened.providers
    const stored = await before.wrap(dataKey, 'data_keys/1')
    expect(await both.unwrap(stored, 'data_keys/1')).toEqual(dataKey)
    const again = await both.wrap(dataKey, 'data_keys/1')
    expect(await after.unwrap(again, 'data_keys/1')).toEqual(dataKey)
    const gone = after.unwrap(stored, 'data_keys/1')
    await expect(gone).rejects.toMatchObject({ name: 'WrappingKeyMissing' })
    await expect(gone).rejects.toThrow(stored.keyVersion)
  })
})
