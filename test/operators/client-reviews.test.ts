import { managedClients } from '../../src/sso/clients/actions/managed-clients.ts'
import { type SsoPlatform, ssoPlatform } from '../sso/platform.ts'
import { addressOf, callback, clientPages, known, secretIn } from '../support/client-pages.ts'
import { clientsIn } from '../support/clients-in.ts'
import { operatorsOf, type TestOperator } from '../support/console.ts'

let platform: SsoPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let admin: TestOperator
let officer: TestOperator
let pages: ReturnType<typeof clientPages>
beforeAll(async () => {
  // Two processes answer alternately.
  platform = await ssoPlatform((usual) => usual, 2)
  desk = await operatorsOf(platform)
  admin = await desk.newOperator('system')
  officer = await desk.newOperator('security')
  pages = clientPages(platform, desk, admin)
})
afterAll(() => platform.close())

test('a client with power takes two persons, and its secret is shown to the asker once', async () => {
  for (const power of [
    { first_party: 'true' },
    { scope: 'openid identity' },
    { scope: 'openid verified_identity' },
    { verified_claims: 'over_18' },
  ]) {
    const id = `powerful-${JSON.stringify(power).length}-${Object.keys(power)}`
    const asked = await pages.create({ client_id: id, client_name: '强权系统', ...power })
    expect([asked.path, secretIn(asked).secret]).toEqual(['/reviews', ''])
    expect((await (await desk.signedIn(admin)).get(addressOf(id))).status).toBe(404)
    const refusal = await pages.decide(officer, id, 'refuse')
    expect(refusal.asked).toContain('新增业务系统')
    expect((await (await desk.signedIn(admin)).get(addressOf(id))).status).toBe(404)
  }
  await pages.create({ client_id: 'bureau', client_name: '主管系统', first_party: 'true' })
  const approved = await pages.decide(officer, 'bureau', 'approve')
  expect(secretIn(approved).secret).toBe('')
  const asker = await desk.signedIn(admin)
  const { id, secret } = secretIn(await asker.get('/reviews'))
  expect(id).toBe('bureau')
  expect(await pages.isKnown('bureau', secret)).toEqual(known)
  expect(secretIn(await asker.get('/reviews')).secret).toBe('')
})

test('a first-party client changes its addresses, keys and secret by two persons, exactly as asked', async () => {
  await pages.create({ client_id: 'own', client_name: '自有系统', first_party: 'true' })
  await pages.decide(officer, 'own', 'approve')
  const { secret } = secretIn(await (await desk.signedIn(admin)).get('/reviews'))
  const redirectUris = async () => (await pages.formOf('own')).fields['redirect_uris']
  const valueNow = async (name: string) => (await pages.formOf('own')).fields[name]

  // A name gives no power.
  expect((await pages.change('own', { client_name: '自有业务' })).path).toBe('/clients/own')
  const moved = 'https://moved.test/callback'
  expect((await pages.change('own', { redirect_uris: moved })).path).toBe('/reviews')
  expect(await redirectUris()).toBe(callback)
  const decided = await pages.decide(officer, 'own', 'approve')
  expect(decided.asked).toContain(`由：${callback}\n改为：${moved}`)
  expect(await redirectUris()).toBe(moved)

  // A change that came in between is kept, and the approved one is not carried out.
  await pages.change('own', { redirect_uris: 'https://third.test/callback' })
  await pages.change('own', { client_uri: 'https://between.test/' })
  const late = await pages.decide(officer, 'own', 'approve')
  expect(late.$('[data-shown-once]').text()).toContain('其间他人更改了该系统，没有执行')
  expect([await redirectUris(), await valueNow('client_uri')]).toEqual([
    moved,
    'https://between.test/',
  ])

  await pages.press('own', 'secret')
  expect(await pages.isKnown('own', secret)).toEqual(known)
  await (await desk.signedIn(admin)).get('/reviews')
  await pages.decide(officer, 'own', 'approve')
  const next = secretIn(await (await desk.signedIn(admin)).get('/reviews'))
  expect(next.secret).not.toBe(secret)
  expect(await pages.isKnown('own', next.secret)).toEqual(known)
  expect(await pages.isKnown('own', secret)).toEqual(known)
  expect(JSON.stringify(await pages.eventsOf('own'))).not.toContain(secret)
})

test('an approval that is carried out again after its process died changes nothing more', async () => {
  const { mongodb: connection } = platform.stores
  const clients = clientsIn({ connection, encryption: platform.encryption.inMongo })
  const managed = managedClients({
    ...{ clients, clock: Date.now, keepSecret: 60, adminOrigin: platform.adminUrl },
    endpoints: () => ({}),
    providerProblem: async () => undefined,
  })
  const [first, second] = ['first', 'second'].map(
    (word) => `${word}-secret-0123456789-abcdefghijklmn`,
  )
  const before = {
    client_id: 'again',
    first_party: true,
    redirect_uris: [callback],
    token_endpoint_auth_method: 'client_secret_basic',
  }
  const after = { ...before, redirect_uris: ['https://moved.test/callback'] }
  const matters = [
    { action: 'create', id: 'again', after: before, secret: String(first) },
    { action: 'change', id: 'again', before, after },
    { action: 'rotate-secret', id: 'again', secret: String(second) },
  ] as const
  for (const matter of matters) {
    const done = await managed.carryOut(matter)
    expect(done).toHaveProperty('event.clientId', 'again')
    expect(await managed.carryOut(matter)).toMatchObject(
      'secret' in matter ? { secret: matter.secret } : {},
    )
  }
  const stored = await clients.findAny('again')
  expect(stored?.metadata).toEqual({ ...after, client_secret: second })
  expect(stored?.previousSecret?.secret).toBe(first)
  for (let times = 0; times < 2; times += 1)
    expect(await managed.carryOut({ action: 'remove', id: 'again' })).toHaveProperty('event')
  expect(await clients.findAny('again')).toBeUndefined()
})
