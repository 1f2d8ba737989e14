import { randomUUID } from 'node:crypto'
import { until } from '../../sandbox/ports.mjs'
import { adminApi, fieldsOf, problemOf } from '../support/admin-api.ts'
import { operatorsOf } from '../support/console.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let api: Awaited<ReturnType<typeof adminApi>>
let machine: Awaited<ReturnType<typeof api.newClient>>
let desk: Awaited<ReturnType<typeof operatorsOf>>
beforeAll(async () => {
  platform = await testPlatform()
  api = await adminApi(platform)
  machine = await api.newClient()
  desk = await operatorsOf(platform)
})
afterAll(() => platform.close())

const hour = 3_600_000
const at = (hours: number) => new Date(Date.now() + hours * hour).toISOString()
const system = async () => desk.signedIn(await desk.newOperator('system'))
const eventsOf = async (what: string) => {
  const own = { what, operator: machine.id }
  return (
    await platform.stores.mongodb.collection('audit').find(own).sort({ at: 1 }).toArray()
  ).map(({ target, detail }) => [target, detail])
}

describe('银行维护', () => {
  const path = `/banks/${encodeURIComponent('招商银行')}/maintenance`
  const put = (body: object) => machine.call('PUT', path, body)

  test('a bank is suspended, seen by the console, and returns to normal', async () => {
    expect((await machine.call('GET', path)).body).toEqual({ state: 'normal', note: '' })
    const to = at(2)
    const { status, body } = await put({ state: 'suspended', to, note: '升级', reason: '银行来函' })
    expect([status, body]).toEqual([
      200,
      { state: 'suspended', note: '升级', from: expect.any(String), to },
    ])
    expect((await machine.call('GET', path)).body).toEqual(body)
    expect(
      (await (await system()).get('/banks')).$('input[value=suspended][checked]'),
    ).toHaveLength(1)
    const normal = await put({ state: 'normal', note: '' })
    expect(normal.body).toEqual({ state: 'normal', note: '' })
    expect(await eventsOf('maintenance-changed')).toEqual([
      ['招商银行', 'suspended'],
      ['招商银行', 'normal'],
    ])
  })

  test('what is wrong is named, and an unknown bank answers 404', async () => {
    const wrong = [
      [{}, ['state']],
      [{ state: 'closed', to: 'tomorrow' }, ['state', 'to']],
      [{ state: 'suspended' }, ['to']],
      [{ state: 'suspended', to: at(-1) }, ['to']],
      [{ state: 'suspended', from: at(3), to: at(2) }, ['to']],
      [{ state: 'normal', note: '长'.repeat(201), more: 1 }, ['more', 'note']],
      [{ state: 'normal', reason: ' ' }, ['reason']],
    ] as const
    for (const [body, fields] of wrong) {
      const answer = await put(body)
      expect([body, problemOf(answer), fieldsOf(answer)]).toEqual([
        body,
        '422 invalid-values',
        fields,
      ])
    }
    for (const method of ['GET', 'PUT']) {
      const body = method === 'PUT' ? { state: 'normal' } : undefined
      const unknown = await machine.call(method, '/banks/none/maintenance', body)
      expect(problemOf(unknown)).toBe('404 not-found')
    }
  })
})

describe('公告', () => {
  const text = { 'zh-CN': '系统今晚升级\n请稍候', en: 'We upgrade tonight' }

  test('a notice is published once, seen by citizens and console, and withdrawn', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const notice = { text, level: 'important', to: at(5) }
    const publish = () => machine.call('POST', '/notices', notice, key)
    const [first, second] = await Promise.all([publish(), publish()])
    expect([first.status, second.body]).toEqual([201, first.body])
    const id = String(first.body['id'])
    const { notices } = (await machine.call('GET', '/notices')).body as {
      notices: { id: string }[]
    }
    expect(notices).toEqual([
      {
        ...{ id, level: 'important', to: notice.to, from: expect.any(String) },
        text: { ...text, 'zh-CN': '系统今晚升级 请稍候' },
      },
    ])
    const isOnPage = async () =>
      (await (await fetch(`${platform.issuer}/register`)).text()).includes('系统今晚升级')
    await until(isOnPage, { seconds: 30, what: 'the notice on a page' })
    expect((await (await system()).get('/notices')).text).toContain('系统今晚升级')
    const withdraw = () => machine.call('POST', `/notices/${id}/withdraw`)
    expect((await withdraw()).status).toBe(204)
    expect(problemOf(await withdraw())).toBe('409 conflict')
    expect(problemOf(await machine.call('POST', '/notices/unknown/withdraw', {}))).toBe(
      '404 not-found',
    )
    expect(await eventsOf('notice-published')).toEqual([[id, 'important']])
    expect(await eventsOf('notice-withdrawn')).toEqual([[id, undefined]])
  })

  test('what is wrong is named', async () => {
    const good = { text, level: 'info', to: at(1) }
    const wrong = [
      [{ text: { en: 'x' } }, ['text.zh-CN']],
      [
        { text: { 'zh-CN': ' ', en: 'x'.repeat(501) }, level: 'low' },
        ['level', 'text.en', 'text.zh-CN'],
      ],
      [{ to: at(-1) }, ['to']],
      [{ from: '2026-12-01T08:00' }, ['from']],
    ] as const
    for (const [more, fields] of wrong) {
      const answer = await machine.call('POST', '/notices', { ...good, ...more })
      expect([more, problemOf(answer), fieldsOf(answer)]).toEqual([
        more,
        '422 invalid-values',
        fields,
      ])
    }
  })
})

test('密钥: the list has no key material, and a rotation is seen by the console', async () => {
  const keysNow = async () =>
    (await machine.call('GET', '/keys')).body['keys'] as Record<string, string>[]
  const before = await keysNow()
  expect(before.map(({ alg }) => alg)).toEqual(expect.arrayContaining(['RS256', 'ECDH-ES+A128KW']))
  expect(JSON.stringify(before)).not.toMatch(/"(d|n|x|p)":/)
  const rotated = await machine.call('POST', '/keys/ES256/rotate', { reason: '例行轮换' })
  expect(rotated.status).toBe(204)
  const current = (keys: typeof before) =>
    keys.find(({ alg, state }) => alg === 'ES256' && state === 'current')?.['kid'] ?? 'none'
  expect(current(await keysNow())).not.toBe(current(before))
  expect((await (await system()).get('/keys')).text).toContain(current(await keysNow()))
  expect(await eventsOf('key-rotated')).toEqual([['ES256', 'api']])
  expect(problemOf(await machine.call('POST', '/keys/none/rotate', { reason: 'x' }))).toBe(
    '404 not-found',
  )
  const without = await machine.call('POST', '/keys/ES256/rotate', {})
  expect(fieldsOf(without)).toEqual(['reason'])
})

describe('a call that is repeated because the process died before its answer was stored', () => {
  /** Sends a call, removes what that process would not have stored, and sends the call again. */
  async function repeated(path: string, body: object) {
    const headers = { 'idempotency-key': randomUUID() }
    const call = () => machine.call('POST', path, body, headers)
    const first = await call()
    await platform.stores.mongodb
      .collection('acts')
      .updateMany({}, { $unset: { answer: true }, $set: { heldUntil: new Date(0) } })
    const again = await call()
    expect([again.status, again.body]).toEqual([first.status, first.body])
    return first
  }

  test('publishes one notice, and withdraws it with 204', async () => {
    const text = { 'zh-CN': '只公告一次', en: 'Once' }
    const { body } = await repeated('/notices', { text, level: 'info', to: at(1) })
    const listed = async () =>
      (
        (await machine.call('GET', '/notices')).body as {
          notices: { id: string; text: { en: string }; withdrawnAt?: string }[]
        }
      ).notices.filter((notice) => notice.text.en === 'Once')
    expect((await listed()).map(({ id }) => id)).toEqual([body['id']])
    await repeated(`/notices/${body['id']}/withdraw`, {})
    expect(await listed()).toMatchObject([{ withdrawnAt: expect.any(String) }])
    const other = await machine.call('POST', `/notices/${body['id']}/withdraw`, {})
    expect(problemOf(other)).toBe('409 conflict')
  })

  test('rotates a key once', async () => {
    const keysOf = async () => {
      const { keys } = (await machine.call('GET', '/keys')).body as { keys: { alg: string }[] }
      return keys.filter(({ alg }) => alg === 'EdDSA')
    }
    const before = await keysOf()
    expect((await repeated('/keys/EdDSA/rotate', { reason: '例行轮换' })).status).toBe(204)
    expect(await keysOf()).toHaveLength(before.length + 1)
  })
})
