import * as oidc from 'openid-client'
import { until } from '../../sandbox/ports.mjs'
import { type SsoPlatform, signIn, ssoPlatform } from '../sso/platform.ts'
import { addressOf, clientPages, known, secretIn, unknown } from '../support/client-pages.ts'
import { clientsIn } from '../support/clients-in.ts'
import { operatorsOf, type TestOperator } from '../support/console.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'

let platform: SsoPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let admin: TestOperator
let otherAdmin: TestOperator
let pages: ReturnType<typeof clientPages>
beforeAll(async () => {
  // Two processes answer alternately.
  platform = await ssoPlatform((usual) => usual, 2)
  desk = await operatorsOf(platform)
  admin = await desk.newOperator('system')
  otherAdmin = await desk.newOperator('system')
  pages = clientPages(platform, desk, admin)
  await platform.register()
})
afterAll(() => platform.close())

test('a client is added, signs people in, is changed, gets another secret, is disabled, enabled and removed', async () => {
  const first = secretIn(await pages.create({ client_id: 'library', client_name: '图书馆' }))
  expect(first).toEqual({ id: 'library', secret: expect.stringMatching(/^[\w-]{43}$/) })
  const list = await (await desk.signedIn(admin)).get('/clients')
  expect(list.$('tr', 'tbody').text()).toContain('图书馆library控制台或命令在用0')

  const browser = cookieBrowser()
  const { ask, config } = await pages.partyOf(first.id, first.secret)
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

  const changed = await pages.change('library', {
    client_name: '市图书馆',
    require_auth_time: 'true',
  })
  expect([changed.path, changed.$('.success').text()]).toEqual([
    '/clients/library',
    '已更改，立即生效。',
  ])
  expect((await cookieBrowser().visit((await ask()).url)).text).toContain('市图书馆')

  const second = secretIn(await pages.press('library', 'secret'))
  expect(await pages.isKnown('library', first.secret)).toEqual(known)
  expect(await pages.isKnown('library', second.secret)).toEqual(known)
  expect((await (await desk.signedIn(admin)).get('/clients/library')).text).not.toContain(
    second.secret,
  )
  platform.turn(7 * 24 * 3600 - 60)
  expect(await pages.isKnown('library', first.secret)).toEqual(known)
  platform.turn(60)
  expect(await pages.isKnown('library', first.secret)).toEqual(unknown)
  expect(await pages.isKnown('library', second.secret)).toEqual(known)
  platform.turn(-7 * 24 * 3600)

  expect((await pages.press('library', 'disable')).text).toContain('已停用，立即生效。')
  expect(await pages.isKnown('library', second.secret)).toEqual(unknown)
  expect([await reads(), await reads()]).toEqual([false, false])
  const suspended = await cookieBrowser().visit((await ask()).url)
  expect(suspended.text).toContain('市图书馆已由主管单位暂停使用，现在不能登录')
  expect(suspended.response.status).toBe(400)

  expect((await pages.press('library', 'enable')).text).toContain('已启用，立即生效。')
  const again = await pages.partyOf('library', second.secret)
  const refreshed = await oidc.refreshTokenGrant(again.config, String(got.refresh_token))
  expect(refreshed.access_token).toBeDefined()
  expect(await reads()).toBe(true)

  expect((await pages.press('library', 'remove')).path).toBe('/reviews')
  expect(await pages.isKnown('library', second.secret)).toEqual(known)
  await pages.decide(otherAdmin, 'library', 'approve')
  expect(await pages.isKnown('library', second.secret)).toEqual(unknown)
  expect((await (await desk.signedIn(admin)).get('/clients/library')).status).toBe(404)
  expect(await pages.eventsOf('library')).toEqual([
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
    await pages.create({ ...machine, client_id: resource, client_name: '档案接口' }),
  )
  expect(server.id).toBe(resource)
  const portal = secretIn(
    await pages.create({ ...machine, client_name: '门户', resources: resource }),
  )
  const { config } = await pages.partyOf(portal.id, portal.secret)
  const { access_token: token } = await oidc.clientCredentialsGrant(config, { resource })
  const reader = (await pages.partyOf(server.id, server.secret)).config
  const isActive = async () => (await oidc.tokenIntrospection(reader, token)).active
  expect(await isActive()).toBe(true)
  await pages.press(portal.id, 'disable')
  expect([await isActive(), await isActive()]).toEqual([false, false])
  await pages.press(portal.id, 'enable')
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
  const { status, $, path } = await pages.create(bad)
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
  const taken = await pages.create({ client_id: 'exam' })
  expect(taken.$('#client_id-fault').text()).toContain('该编号已被使用')
})

test('of two changes that began with the same form the second one is refused', async () => {
  await pages.create({ client_id: 'shared', client_name: '共用系统' })
  const forms = [await pages.formOf('shared'), await pages.formOf('shared', otherAdmin)]
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
  expect((await pages.formOf('shared')).fields['client_name']).toBe('名称0')
  const unchanged = await pages.change('shared', {})
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
  await pages.create({ client_id: "it's guided", ...fields })
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
  const { $ } = await pages.create({ client_id: 'reserved', ...reserved })
  expect($('#scope-fault').text()).toContain('admin:clients terminal:phone-change 只能由')
  expect($('#resources-fault').text()).toContain(resources)

  const { mongodb: connection } = platform.stores
  const store = clientsIn({ connection, encryption: platform.encryption.inMongo })
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
    expect((await pages.press(id, 'disable')).text).toContain('已停用，立即生效。')
    expect((await pages.press(id, 'disable')).text).toContain('该系统已经是停用状态')
  }
})
