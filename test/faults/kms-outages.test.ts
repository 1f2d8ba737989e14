import { randomBytes } from 'node:crypto'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { ownPort } from '../support/own-port.ts'
import { startedPlatform } from '../support/started-platform.ts'
import { testStores } from '../support/stores.ts'
import { kmsAccount, tencentKms } from '../support/vendors/kms.ts'
import { localServer } from '../support/vendors/local-server.ts'

const keys = { 'key-1': randomBytes(32) }
const settingsAt = (port: number) => ({
  KEY_PROVIDER: 'tencent-kms',
  // The keys of the test's usual environment are not given.
  DATA_KEYS: '',
  DIGEST_KEY: '',
  TENCENT_KMS_KEY_ID: 'key-1',
  TENCENT_KMS_REGION: kmsAccount.region,
  TENCENT_KMS_ENDPOINT: `http://127.0.0.1:${port}`,
  TENCENT_SECRET_ID: kmsAccount.id,
  TENCENT_SECRET_KEY: kmsAccount.secret,
})

/** The library warns about Node 20 before it. */
const lastLine = (text: string) => text.trim().split('\n').at(-1)

test('a platform without DATA_KEYS starts with a KMS and goes on without it; a start without it, or with a wrong key, ends with one line', async () => {
  const stores = await testStores()
  const port = await ownPort()
  const serve = async () => {
    const kms = await localServer(port)
    kms.answer((request) => tencentKms(keys, Date.now())(request))
    return kms
  }
  const kms = await serve()
  const settings = settingsAt(port)
  const platform = await startedPlatform(stores, settings)
  try {
    await platform.listening()
    expect(kms.received.length).toBeGreaterThan(2)
    const wrapped = await stores.mongodb.collection('data_keys').find().toArray()
    expect(new Set(wrapped.map(({ provider, keyVersion }) => `${provider} ${keyVersion}`))).toEqual(
      new Set(['tencent-kms key-1']),
    )

    await kms.close()
    const page = await cookieBrowser().visit(`${platform.url}/register`)
    expect(page.response.status).toBe(200)

    const unreachable = await (await startedPlatform(stores, settings)).ended
    expect(unreachable.code).toBe(69)
    expect(lastLine(unreachable.errors)).toBe(
      'TENCENT_KMS_KEY_ID: tencent-kms does not answer (no answer)',
    )

    const again = await serve()
    const refused = await (
      await startedPlatform(stores, { ...settings, TENCENT_SECRET_KEY: 'another secret' })
    ).ended
    await again.close()
    expect(refused.code).toBe(78)
    expect(lastLine(refused.errors)).toMatch(
      /^TENCENT_KMS_KEY_ID: tencent-kms refuses to unwrap data_keys\/\S+, wrapped by key-1 \(AuthFailure\.SignatureFailure\)$/,
    )
    expect(await platform.stop()).toMatchObject({ code: 0 })
  } finally {
    platform.signal('SIGKILL')
    await kms.close()
    await stores.close()
  }
})
