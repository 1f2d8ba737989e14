import { randomUUID } from 'node:crypto'
import { adminApi } from '../support/admin-api.ts'
import { killAtEveryChange } from '../support/kill-at-every-change.ts'
import { type KillablePlatform, killablePlatform } from '../support/killable-platform.ts'

jest.setTimeout(600_000)

let platform: KillablePlatform
let api: Awaited<ReturnType<typeof adminApi>>
let machine: Awaited<ReturnType<typeof api.newClient>>
beforeAll(async () => {
  platform = await killablePlatform()
  api = await adminApi(platform)
  machine = await api.newClient(['admin:clients'])
})
afterAll(() => platform.close())

const reason = '工单 1188'

/** Adds a client and makes another secret for it, with an `Idempotency-Key` for each call. */
async function scene() {
  const name = `图书馆 ${randomUUID()}`
  const [adding, rotating] = [1, 2].map(() => ({ 'idempotency-key': randomUUID() }))
  const metadata = { client_name: name, redirect_uris: ['https://library.test/callback'], reason }
  return {
    name,
    async run() {
      const { body: added } = await machine.call('POST', '/clients', metadata, adding)
      const path = `/clients/${added['client_id']}/secret`
      const { body } = await machine.call('POST', path, { reason }, rotating)
      return { added, secret: body['client_secret'] }
    },
  }
}

test('a client is added once and gets one more secret, at whichever change the process is killed', async () => {
  const killed = await killAtEveryChange(platform, {
    from: 'now',
    first: 1,
    setUp: scene,
    act: ({ run }) => run(),
    async check({ name, run }, moment) {
      const { added, secret } = await run()
      const named = (await api.clients.list()).filter(
        ({ metadata }) => metadata.client_name === name,
      )
      const stored = named.map(({ metadata, previousSecret }) => [
        ...[metadata.client_id, metadata.client_secret, previousSecret?.secret],
      ])
      expect([moment, stored]).toEqual([
        moment,
        [[added['client_id'], secret, added['client_secret']]],
      ])
    },
  })
  expect(killed).toBeGreaterThan(4)
})
