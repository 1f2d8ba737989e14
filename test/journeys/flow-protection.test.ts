import { testClock } from '../support/clock.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { rawRequest } from '../support/raw-request.ts'
import { identityFields, loginFields, register, toBankStep } from '../support/registering.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())

type AtForms = ReturnType<typeof personAtForms>

const begin = (at: AtForms) => at.open(`${platform.issuer}/register`)
const stepOf = ({ url }: FilledPage) => url.pathname.split('/').at(-1)
const minutes = (count: number) => turn(count * 60)

const foreign = '此页面属于另一个浏览器窗口的填写过程，不能在这里继续。'
const expired = '本次填写已过期：超过 30 分钟没有操作，或者已经结束。尚未提交的内容没有保存。'

/** Expects a page that gives the reason and links to a new flow, without any data of the old one. */
function expectStartAgain(page: FilledPage, status: number, sentence: string) {
  expect([page.status, page.heading]).toEqual([status, '请重新开始'])
  expect(page.text).toContain(sentence)
  expect(page.buttons).toEqual([])
  return String(page.link('重新开始'))
}

describe('a flow of another browser', () => {
  test('cannot be opened or submitted, and its owner can continue it', async () => {
    const [owner, stranger] = [personAtForms(), personAtForms()]
    const person = samplePerson()
    const bank = await toBankStep(platform, owner, person)
    await begin(stranger)
    for (const step of ['login', 'identity', 'bank', 'done', '']) {
      const address = bank.url.href.replace(/bank$/, step)
      expectStartAgain(await stranger.open(address), 403, foreign)
    }
    const stolen = await stranger.send(bank, { ...loginFields(person) }, 'back')
    expectStartAgain(stolen, 403, foreign)
    expect(stolen.html).not.toContain(person.username)
    expect(stepOf(await owner.open(bank.url.href))).toBe('bank')
  })

  test('is refused although the browser sends the secret of its own flow', async () => {
    const [owner, thief] = [personAtForms(), personAtForms()]
    const page = await begin(owner)
    const own = await begin(thief)
    thief.browser.setCookie('flow', String(thief.browser.cookie('flow')))
    expectStartAgain(await thief.open(page.url.href), 403, foreign)
    const { token } = own.typed
    const sent = await thief.send(page, { ...loginFields(samplePerson()), token: String(token) })
    expectStartAgain(sent, 403, foreign)
  })

  test('leads to a new flow', async () => {
    const stranger = personAtForms()
    const page = await stranger.open((await begin(personAtForms())).url.href)
    const start = expectStartAgain(page, 403, foreign)
    expect(stepOf(await stranger.open(new URL(start, page.url).href))).toBe('login')
  })
})

describe('a flow that does not exist or has expired', () => {
  test.each(['AAAAAAAAAAAAAAAAAAAAAA', 'x', '%00', '..%2f..', '%ff'])(
    'is reported for id %s',
    isGone,
  )
  test('is reported for a very long id', () => isGone('a'.repeat(2000)))

  async function isGone(id: string) {
    const at = personAtForms()
    const page = await at.open(`${platform.issuer}/register/${id}/login`)
    expectStartAgain(page, 410, expired)
    const body = new URLSearchParams(loginFields(samplePerson()))
    expectStartAgain(await at.open(page.url.href, { method: 'POST', body }), 410, expired)
  }

  test('ends 30 minutes after its last use', async () => {
    const at = personAtForms()
    const person = samplePerson()
    const identity = await at.send(await begin(at), loginFields(person))
    minutes(29)
    expect((await at.open(identity.url.href)).status).toBe(200)
    minutes(29)
    expect(stepOf(await at.send(identity, identityFields(person)))).toBe('bank')
    minutes(31)
    expectStartAgain(await at.open(identity.url.href), 410, expired)
    expectStartAgain(await at.send(identity, { name: '林小满' }), 410, expired)
  })

  test('keeps the client that the person came from for the new flow', async () => {
    const at = personAtForms()
    const page = await at.open(`${platform.exam.url}/register`)
    minutes(31)
    const gone = await at.open(page.url.href)
    const start = expectStartAgain(gone, 410, expired)
    const anew = await at.open(new URL(start, gone.url).href)
    expect(stepOf(anew)).toBe('login')
    expect(anew.html).toContain('来自：考生服务系统')
    expect(anew.url.href).not.toBe(page.url.href)
  })

  test('keeps the client even if the authorization request has expired meanwhile', async () => {
    const at = personAtForms()
    const person = samplePerson()
    const page = await at.open(`${platform.exam.url}/register`)
    minutes(31)
    const { redis, keyPrefix } = platform.stores
    const requests = await redis.keys(`${keyPrefix}oidc.Interaction*`)
    expect(await redis.unlink(requests)).toBeGreaterThan(0)
    const gone = await at.open(page.url.href)
    const start = expectStartAgain(gone, 410, expired)
    const done = await register(platform, at, person, new URL(start, gone.url).href)
    expect(done.html).toContain('来自：考生服务系统')
    expect(done.link('返回业务系统登录')).toBe(`${platform.exam.url}/`)
  })
})

describe('a form that does not come from a page of the flow', () => {
  test.each([
    ['without a token', { token: '' }],
    ['with a wrong token', { token: 'x'.repeat(43) }],
    ['with a token that is not ASCII', { token: '令'.repeat(43) }],
  ])('%s is refused, and the flow can continue', async (_, wrong) => {
    const at = personAtForms()
    const page = await begin(at)
    const forged = await at.send(page, { ...loginFields(samplePerson()), ...wrong })
    expect([forged.status, forged.heading]).toEqual([403, '页面已失效'])
    expect(forged.text).toContain('请返回上一页，刷新后重新提交。')
    expect(forged.text).toMatch(/编号：[\w-]{36}/)
    expect(stepOf(await at.send(page, loginFields(samplePerson())))).toBe('identity')
  })

  test('with the token of another tab is refused', async () => {
    const at = personAtForms()
    const [first, second] = [await begin(at), await begin(at)]
    const { token } = second.typed
    const mixed = await at.send(first, { ...loginFields(samplePerson()), token: String(token) })
    expect(mixed.status).toBe(403)
  })

  test.each(['https://evil.test', 'null', 'http://localhost', 'http://127.0.0.1:3000'])(
    'from the origin %s is refused',
    async (origin) => {
      const at = personAtForms()
      const page = await begin(at)
      const body = new URLSearchParams({ ...page.typed, ...loginFields(samplePerson()) })
      const send = (from: string) =>
        at.open(page.url.href, { method: 'POST', headers: { origin: from }, body })
      expect((await send(origin)).status).toBe(403)
      expect(stepOf(await send(platform.issuer))).toBe('identity')
    },
  )
})

describe('an unsupported method', () => {
  test.each(['PUT', 'PATCH', 'DELETE', 'PROPFIND'])(
    '%s is answered with 405 and a page',
    async (method) => {
      const at = personAtForms()
      const page = await begin(at)
      for (const address of [page.url.href, `${platform.issuer}/register`]) {
        const refused = await at.open(address, { method })
        expect([refused.status, refused.heading]).toEqual([405, '没有找到页面'])
        expect(refused.headers.get('allow')).toContain('GET')
      }
      expect(stepOf(await at.open(page.url.href))).toBe('login')
    },
  )

  test('POST to the start of a flow or without a step is answered with 405', async () => {
    const at = personAtForms()
    const page = await begin(at)
    const post = { method: 'POST', body: new URLSearchParams(page.typed) }
    expect((await at.open(`${platform.issuer}/register`, post)).status).toBe(405)
    expect((await at.open(page.url.href.replace(/\/login$/, ''), post)).status).toBe(405)
  })

  test('HEAD is answered like GET without a body', async () => {
    const at = personAtForms()
    const page = await begin(at)
    const head = await at.browser.request(page.url.href, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })
})

describe('the address of a page', () => {
  test('with a language or text size redirects to itself and never to another host', async () => {
    const at = personAtForms()
    const page = await begin(at)
    const english = await at.open(`${page.url.href}?lang=en&text=large`)
    expect([english.url.href, english.heading]).toEqual([page.url.href, 'Sign-in details'])
    const hosts = [
      '//evil.test',
      '//a//evil.test',
      '/.//evil.test',
      '/\\evil.test',
      '////evil.test',
    ]
    for (const path of hosts) {
      const { status, headers } = await rawRequest(platform.issuer, `${path}?lang=en`)
      expect(status).toBe(303)
      expect(new URL(String(headers.location), platform.issuer).origin).toBe(platform.issuer)
    }
  })

  test('is answered with a page if it is unknown or malformed', async () => {
    for (const path of ['/nothing', '//', '/%', '/%ff', '/register/a/b/c', '/assets/..%2f']) {
      const { status, text } = await rawRequest(platform.issuer, path)
      expect([path, status]).toEqual([path, 404])
      expect(text).toContain('<h1>没有找到页面</h1>')
    }
  })

  test('with an unknown authorization request begins a flow without a client', async () => {
    const at = personAtForms()
    for (const query of [
      'interaction=x',
      'system=x',
      'system=a&system=b',
      'interaction=a&interaction=b',
      'interaction[]=a',
      '%ff',
    ])
      expect(stepOf(await at.open(`${platform.issuer}/register?${query}`))).toBe('login')
  })
})
