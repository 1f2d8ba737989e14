import * as oidc from 'openid-client'
import { until } from '../../sandbox/ports.mjs'
import { clientsMongo } from '../../src/adapters/mongo/clients-mongo.ts'
import { managedClients } from '../../src/sso/clients/actions/managed-clients.ts'
import { relyingPartyWith, type SsoPlatform, signIn, ssoPlatform } from '../sso/platform.ts'
import { operatorsOf, type TestOperator } from '../support/console.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'

let platform: SsoPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let admin: TestOperator
let otherAdmin: TestOperator
let officer: TestOperator
beforeAll(async () => {
  // Two processes answer alternately.
  platform = await ssoPlatform((usual) => usual, 2)
  desk = await operatorsOf(platform)
  admin = await desk.newOperator('system')
  otherAdmin = await desk.newOperator('system')
  officer = await desk.newOperator('security')
  await platform.register()
})
afterAll(() => platform.close())

type Fields = Readonly<Record<string, string>>
type Answer = Awaited<ReturnType<Awaited<ReturnType<typeof desk.signedIn>>['post']>>
const callback = 'https://rp.test/callback'
const usual = {
  redirect_uris: callback,
  scope: 'openid profile offline_access',
  grant_types: 'authorization_code\nrefresh_token',
  token_endpoint_auth_method: 'client_secret_basic',
  reason: '新系统上线',
}

const secretIn = ({ $ }: Pick<Answer, '$'>) => ({
  id: $('[data-client-id]').attr('data-client-id') ?? '',
  secret: $('[data-client-secret]').attr('data-client-secret') ?? '',
})
const addressOf = (id: string) => `/clients/${encodeURIComponent(id)}`

const create = async (fields: Fields, by = admin) =>
  (await desk.signedIn(by)).submit('/clients/new', '/clients', { ...usual, ...fields })

/** The form of a client as its page has it. */
async function formOf(id: string, by = admin) {
  const browser = await desk.signedIn(by)
  const { $ } = await browser.get(addressOf(id))
  const form = $(`form[action="${addressOf(id)}"]`)
  const fields = form
    .find('input, textarea, select')
    .toArray()
    .map((field) => [String($(field).attr('name')), String($(field).val() ?? '')])
  return { browser, fields: Object.fromEntries(fields) as Fields }
}

async function change(id: string, fields: Fields) {
  const form = await formOf(id)
  return form.browser.post(addressOf(id), { ...form.fields, reason: '系统升级', ...fields })
}

/** Presses a button of 密钥、停用和移除. */
async function press(id: string, action: string, reason = '按申请办理', by = admin) {
  const browser = await desk.signedIn(by)
  const form = `${addressOf(id)}/remove`
  const { $ } = await browser.get(addressOf(id))
  const hidden = (name: string) => String($(`form[action="${form}"] [name=${name}]`).val())
  const fields = { token: hidden('token'), version: hidden('version'), reason }
  return browser.post(`${addressOf(id)}/${action}`, fields)
}

/** Decides the only review about a client that waits for an operator. */
async function decide(decider: TestOperator, about: string, action: 'approve' | 'refuse') {
  const browser = await desk.signedIn(decider)
  const { $ } = await browser.get('/reviews')
  const item = $('#waiting ~ .entries > li').filter((_, li) => $(li).text().includes(about))
  const asked = item.text()
  const address = String(item.find('form').attr('action'))
  return { ...(await browser.submit('/reviews', address, { reason: '已核对', action })), asked }
}

const partyOf = async (id: string, secret: string) =>
  relyingPartyWith(
    await oidc.discovery(new URL(platform.issuer), id, secret, oidc.ClientSecretBasic(secret), {
      execute: [oidc.allowInsecureRequests],
    }),
  )

/** Whether each process knows the client by this secret; the refresh token is only checked for a known client. */
async function isKnown(id: string, secret: string): Promise<readonly boolean[]> {
  const ask = async () => {
    const response = await fetch(`${platform.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'none' }),
    })
    return ((await response.json()) as { error: string }).error === 'invalid_grant'
  }
  return [await ask(), await ask()]
}
const [known, unknown] = [
  [true, true],
  [false, false],
]

const eventsOf = async (clientId: string) => {
  const events = platform.stores.mongodb.collection('audit')
  const found = await events
    .find({ clientId, operator: { $exists: true } })
    .sort({ at: 1 })
    .toArray()
  return found.map(({ what, detail, operator }) => [what, detail, operator])
}

test('a client is added, signs people in, is changed, gets another secret, is disabled, enabled and removed', async () => {
  const first = secretIn(await create({ client_id: 'library', client_name: '图书馆' }))
  expect(first).toEqual({ id: 'library', secret: expect.stringMatching(/^[\w-]{43}$/) })
  const list = await (await desk.signedIn(admin)).get('/clients')
  expect(list.$('tr', 'tbody').text()).toContain('图书馆library控制台或命令在用0')

  const browser = cookieBrowser()
  const { ask, config } = await partyOf(first.id, first.secret)
  const { url, tokens } = await ask({ scope: 'openid profile offline_access', prompt: 'consent' })
  const got = await tokens(await signIn(browser, url))
  const isActive = async () => (await oidc.tokenIntrospection(config, got.access_token)).active
  const reads = () =>
    oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck).then(
      () => true,
      () => false,
    )
  expect([await isActive(), await reads()]).toEqual([true, true])
  const isCounted = async () => {
    const { $ } = await (await desk.signedIn(admin)).get('/clients')
    return $('tbody').text().includes('图书馆library控制台或命令在用1')
  }
  await until(isCounted, { seconds: 60, what: 'the sign-in in the list' })

  const changed = await change('library', { client_name: '市图书馆', require_auth_time: 'true' })
  expect([changed.path, changed.$('.success').text()]).toEqual([
    '/clients/library',
    '已更改，立即生效。',
  ])
  expect((await cookieBrowser().visit((await ask()).url)).text).toContain('市图书馆')

  const second = secretIn(await press('library', 'secret'))
  expect(await isKnown('library', first.secret)).toEqual(known)
  expect(await isKnown('library', second.secret)).toEqual(known)
  expect((await (await desk.signedIn(admin)).get('/clients/library')).text).not.toContain(
    second.secret,
  )
  platform.turn(7 * 24 * 3600 - 60)
  expect(await isKnown('library', first.secret)).toEqual(known)
  platform.turn(60)
  expect(await isKnown('library', first.secret)).toEqual(unknown)
  expect(await isKnown('library', second.secret)).toEqual(known)
  platform.turn(-7 * 24 * 3600)

  expect((await press('library', 'disable')).text).toContain('已停用，立即生效。')
  expect(await isKnown('library', second.secret)).toEqual(unknown)
  expect([await reads(), await reads()]).toEqual([false, false])
  const suspended = await cookieBrowser().visit((await ask()).url)
  expect(suspended.text).toContain('市图书馆已由主管单位暂停使用，现在不能登录')
  expect(suspended.response.status).toBe(400)

  expect((await press('library', 'enable')).text).toContain('已启用，立即生效。')
  const again = await partyOf('library', second.secret)
  const refreshed = await oidc.refreshTokenGrant(again.config, String(got.refresh_token))
  expect(refreshed.access_token).toBeDefined()
  expect(await reads()).toBe(true)

  expect((await press('library', 'remove')).path).toBe('/reviews')
  expect(await isKnown('library', second.secret)).toEqual(known)
  await decide(otherAdmin, 'library', 'approve')
  expect(await isKnown('library', second.secret)).toEqual(unknown)
  expect((await (await desk.signedIn(admin)).get('/clients/library')).status).toBe(404)
  expect(await eventsOf('library')).toEqual([
    ['client-added', undefined, admin.id],
    ['client-changed', 'client_name,require_auth_time', admin.id],
    ['client-secret-rotated', undefined, admin.id],
    ['client-disabled', undefined, admin.id],
    ['client-enabled', undefined, admin.id],
    ['client-removed', undefined, otherAdmin.id],
  ])
})

test('a resource server learns at once that the client of a token is disabled', async () => {
  const resource = 'https://archive.test/api'
  const machine = { scope: '', redirect_uris: '', grant_types: 'client_credentials' }
  const server = secretIn(
    await create({ ...machine, client_id: resource, client_name: '档案接口' }),
  )
  expect(server.id).toBe(resource)
  const portal = secretIn(await create({ ...machine, client_name: '门户', resources: resource }))
  const { config } = await partyOf(portal.id, portal.secret)
  const { access_token: token } = await oidc.clientCredentialsGrant(config, { resource })
  const reader = (await partyOf(server.id, server.secret)).config
  const isActive = async () => (await oidc.tokenIntrospection(reader, token)).active
  expect(await isActive()).toBe(true)
  await press(portal.id, 'disable')
  expect([await isActive(), await isActive()]).toEqual([false, false])
  await press(portal.id, 'enable')
  expect(await isActive()).toBe(true)
})

test('every problem stands beside its field at once, and nothing is added', async () => {
  const bad = {
    client_id: 'bad',
    redirect_uris: 'https://a.test/#b',
    scope: 'openid everything',
    jwks: '{',
    default_max_age: 'soon',
    first_party: 'perhaps',
    reason: ' ',
  }
  const { status, $, path } = await create(bad)
  expect([status, path]).toEqual([422, '/clients'])
  const faults = $('.fault')
    .toArray()
    .map((fault) => `${$(fault).attr('id')} ${$(fault).text()}`)
  expect(faults.map((fault) => fault.split('-fault')[0]).toSorted()).toEqual(
    ['default_max_age', 'first_party', 'jwks', 'reason', 'redirect_uris', 'scope'].toSorted(),
  )
  expect(faults.join()).toContain('网址不能带 # 及其后内容')
  expect($('[name=scope]').val()).toBe('openid everything')
  expect((await (await desk.signedIn(admin)).get('/clients/bad')).status).toBe(404)
  const taken = await create({ client_id: 'exam' })
  expect(taken.$('#client_id-fault').text()).toContain('该编号已被使用')
})

test('a client with power takes two persons, and its secret is shown to the asker once', async () => {
  for (const power of [
    { first_party: 'true' },
    { scope: 'openid identity' },
    { scope: 'openid verified_identity' },
    { verified_claims: 'over_18' },
  ]) {
    const id = `powerful-${JSON.stringify(power).length}-${Object.keys(power)}`
    const asked = await create({ client_id: id, client_name: '强权系统', ...power })
    expect([asked.path, secretIn(asked).secret]).toEqual(['/reviews', ''])
    expect((await (await desk.signedIn(admin)).get(addressOf(id))).status).toBe(404)
    const refusal = await decide(officer, id, 'refuse')
    expect(refusal.asked).toContain('新增业务系统')
    expect((await (await desk.signedIn(admin)).get(addressOf(id))).status).toBe(404)
  }
  await create({ client_id: 'bureau', client_name: '主管系统', first_party: 'true' })
  const approved = await decide(officer, 'bureau', 'approve')
  expect(secretIn(approved).secret).toBe('')
  const asker = await desk.signedIn(admin)
  const { id, secret } = secretIn(await asker.get('/reviews'))
  expect(id).toBe('bureau')
  expect(await isKnown('bureau', secret)).toEqual(known)
  expect(secretIn(await asker.get('/reviews')).secret).toBe('')
})

test('a first-party client changes its addresses, keys and secret by two persons, exactly as asked', async () => {
  await create({ client_id: 'own', client_name: '自有系统', first_party: 'true' })
  await decide(officer, 'own', 'approve')
  const { secret } = secretIn(await (await desk.signedIn(admin)).get('/reviews'))
  const redirectUris = async () => (await formOf('own')).fields['redirect_uris']
  const valueNow = async (name: string) => (await formOf('own')).fields[name]

  // A name gives no power.
  expect((await change('own', { client_name: '自有业务' })).path).toBe('/clients/own')
  const moved = 'https://moved.test/callback'
  expect((await change('own', { redirect_uris: moved })).path).toBe('/reviews')
  expect(await redirectUris()).toBe(callback)
  const decided = await decide(officer, 'own', 'approve')
  expect(decided.asked).toContain(`由：${callback}\n改为：${moved}`)
  expect(await redirectUris()).toBe(moved)

  // A change that came in between is kept, and the approved one is not carried out.
  await change('own', { redirect_uris: 'https://third.test/callback' })
  await change('own', { client_uri: 'https://between.test/' })
  const late = await decide(officer, 'own', 'approve')
  expect(late.$('[data-shown-once]').text()).toContain('其间他人更改了该系统，没有执行')
  expect([await redirectUris(), await valueNow('client_uri')]).toEqual([
    moved,
    'https://between.test/',
  ])

  await press('own', 'secret')
  expect(await isKnown('own', secret)).toEqual(known)
  await (await desk.signedIn(admin)).get('/reviews')
  await decide(officer, 'own', 'approve')
  const next = secretIn(await (await desk.signedIn(admin)).get('/reviews'))
  expect(next.secret).not.toBe(secret)
  expect(await isKnown('own', next.secret)).toEqual(known)
  expect(await isKnown('own', secret)).toEqual(known)
  expect(JSON.stringify(await eventsOf('own'))).not.toContain(secret)
})

test('an approval that is carried out again after its process died changes nothing more', async () => {
  const { mongodb: connection } = platform.stores
  const clients = clientsMongo({ connection, encryption: platform.encryption.inMongo })
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

test('of two changes that began with the same form the second one is refused', async () => {
  await create({ client_id: 'shared', client_name: '共用系统' })
  const forms = [await formOf('shared'), await formOf('shared', otherAdmin)]
  const fields = (number: number) => ({
    ...forms[number]?.fields,
    reason: '改名',
    client_name: `名称${number}`,
  })
  const browsers = [await desk.signedIn(admin), await desk.signedIn(otherAdmin)]
  const post = async (number: number) => {
    const { $ } = (await browsers[number]?.get(addressOf('shared'))) ?? {}
    const token = String($?.(`form[action="${addressOf('shared')}"] [name=token]`).val())
    return browsers[number]?.post(addressOf('shared'), { ...fields(number), token })
  }
  expect((await post(0))?.path).toBe('/clients/shared')
  const second = await post(1)
  expect(second?.status).toBe(422)
  expect(second?.text).toContain('其间他人更改了该系统')
  expect((await formOf('shared')).fields['client_name']).toBe('名称0')
  const unchanged = await change('shared', {})
  expect(unchanged.text).toContain('没有任何更改')
})

test('a client of the clients file is shown and not changed', async () => {
  const browser = await desk.signedIn(admin)
  const { $, text } = await browser.get('/clients/exam')
  expect(text).toContain('该系统由配置文件管理')
  expect($('main form')).toHaveLength(0)
  expect(text).not.toContain('a-secret-of-the-tests')
  const { $: other } = await browser.get('/clients/new')
  const token = String(other('form[action="/clients"] [name=token]').val())
  for (const action of ['', '/secret', '/disable', '/remove']) {
    const fields = { token, reason: '试改', client_name: '别名', version: '' }
    const refused = await browser.post(`/clients/exam${action}`, fields)
    expect([action, refused.status]).toEqual([action, 422])
    expect(refused.$('.summary').text()).toContain('该系统由配置文件管理')
  }
  expect((await browser.get('/clients/exam')).text).toContain('考生服务系统')
})

test('接入说明 has the endpoints and the code of each example with the values of the client', async () => {
  const redirect = 'https://guided.test/oidc/answer'
  const fields = { client_name: '示例系统', redirect_uris: redirect, scope: 'openid profile phone' }
  await create({ client_id: "it's guided", ...fields })
  const { $ } = await (await desk.signedIn(admin)).get(`${addressOf("it's guided")}/guide`)
  const discovery = (await (
    await fetch(`${platform.issuer}/.well-known/openid-configuration`)
  ).json()) as Record<string, string>
  const listed = $('#endpoints ~ dl dt')
    .toArray()
    .map((term) => [/（(\w+)）/.exec($(term).text())?.[1] ?? '', $(term).next().text()])
  expect(listed.length).toBeGreaterThan(8)
  for (const [name = '', address] of listed)
    expect([name, address]).toEqual([name, discovery[name]])
  const code = $('pre')
    .toArray()
    .map((pre) => $(pre).text())
  expect(code).toHaveLength(5)
  const withSettings = code.filter((each) => each.includes(`"it's guided"`))
  expect(withSettings).toHaveLength(4)
  for (const each of withSettings) expect(each).toContain(platform.issuer)
  for (const each of withSettings.slice(0, 3)) {
    expect(each).toContain('https://guided.test')
    expect(each).toContain('/oidc/answer')
    expect(each).toContain('openid profile phone')
  }
})

test('what only the clients file and the command give is refused, and a client that has it is not changed', async () => {
  const resources = `${platform.adminUrl}/api`
  const reserved = { scope: 'openid admin:clients terminal:phone-change', resources }
  const { $ } = await create({ client_id: 'reserved', ...reserved })
  expect($('#scope-fault').text()).toContain('admin:clients terminal:phone-change 只能由')
  expect($('#resources-fault').text()).toContain(resources)

  const { mongodb: connection } = platform.stores
  const store = clientsMongo({ connection, encryption: platform.encryption.inMongo })
  const terminal = {
    client_id: 'terminal',
    scope: 'terminal:phone-change',
    grant_types: ['client_credentials' as const],
    token_endpoint_auth_method: 'private_key_jwt' as const,
    jwks: { keys: [{ kty: 'EC' }] },
  }
  await store.add(terminal, 'command')
  await store.register({ ...terminal, client_id: 'robot', scope: 'openid' })
  for (const [id, why] of [
    ['terminal', '该系统有控制台不能给予的权限'],
    ['robot', '该系统自行注册'],
  ] as const) {
    const browser = await desk.signedIn(admin)
    const shown = await browser.get(addressOf(id))
    expect(shown.text).toContain(why)
    const token = String(shown.$('main form [name=token]').val())
    const fields = { token, version: '', jwks: '{"keys":[{"kty":"EC"}]}', reason: '换公钥' }
    const refused = await browser.post(addressOf(id), fields)
    expect([refused.status, refused.$('.summary').text().includes(why)]).toEqual([422, true])
    // Taking power away needs no power.
    expect((await press(id, 'disable')).text).toContain('已停用，立即生效。')
    expect((await press(id, 'disable')).text).toContain('该系统已经是停用状态')
  }
})
