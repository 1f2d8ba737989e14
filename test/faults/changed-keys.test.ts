import { newKeys, startedPlatform } from '../support/started-platform.ts'
import { type TestStores, testStores } from '../support/stores.ts'

let stores: TestStores
let keys: ReturnType<typeof newKeys>
beforeAll(async () => {
  stores = await testStores()
  keys = newKeys()
  const first = await startedPlatform(stores, keys)
  await first.listening()
  await first.stop()
})
afterAll(() => stores.close())

const problems = [
  'DATA_KEYS: version 1 is not the key of that version in this MongoDB database: give that key back, or give a new key another version',
  'DIGEST_KEY: is not the key of this MongoDB database: give that key back, since no account is found with another one',
]

test.each(['1', '2'])(
  'a start of %s processes with other keys ends with status 78 and a line for each key',
  async (count) => {
    const { ended } = await startedPlatform(stores, { ...newKeys(), PROCESSES: count })
    const { code, errors, out } = await ended
    // oidc-provider warns about old versions of Node.js on stderr, so other lines are ignored.
    expect(errors.match(/^[A-Z_]+: .*/gm)).toEqual(problems)
    expect(out).not.toContain('listening')
    expect(code).toBe(78)
  },
)

test('the platform starts with a new data key before the old one, and with another cookie key', async () => {
  const { COOKIE_KEYS, DATA_KEYS } = newKeys()
  const rotated = `${DATA_KEYS.replace('1:', '2:')},${keys.DATA_KEYS}`
  const started = await startedPlatform(stores, { ...keys, COOKIE_KEYS, DATA_KEYS: rotated })
  await started.listening()
  expect((await started.stop()).code).toBe(0)
})
