import { createHash } from 'node:crypto'
import { decodeJwt, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { examBesideProvider } from '../support/exam.ts'
import { candidate, clientSecret } from '../support/small-provider.ts'

let exam: Awaited<ReturnType<typeof examBesideProvider>>
let browser: ReturnType<typeof cookieBrowser>
beforeEach(async () => {
  exam = await examBesideProvider()
  browser = cookieBrowser()
})
/** Whatever went wrong, the log names no person and no secret. */
afterEach(async () => {
  await exam.stop()
  const log = exam.lines.join('\n')
  for (const secret of [candidate.name, candidate.id_number, candidate.sub, clientSecret, 'eyJ'])
    expect(log).not.toContain(secret)
})

const titles = {
  stale: '这次登录已经失效',
  failed: '登录没有完成',
  denied: '您没有同意登录',
  unreachable: '暂时无法连接统一用户平台',
} as const

/** As far as the callback, which isn't asked for. */
async function comeBack(): Promise<URL> {
  const { path } = await browser.visit(`${exam.baseUrl}/login`, `${exam.baseUrl}/callback`)
  return path.at(-1) ?? new URL(exam.baseUrl)
}

async function expectProblem(address: string | URL, status: number, title: keyof typeof titles) {
  const { response, text } = await browser.visit(String(address))
  expect([response.status, /<h1>(.*?)<\/h1>/.exec(text)?.[1]]).toEqual([status, titles[title]])
  expect(text).toContain('<a class="main" href="/login">重新登录</a>')
  expect(text).toContain('<a href="/">返回首页</a>')
  expect(text).not.toMatch(/\bat .*\.[jt]s:\d|Error\b|OAUTH/)
  const { text: front } = await browser.visit(`${exam.baseUrl}/`)
  expect(front).toContain('登录考生服务系统')
}

describe('a callback', () => {
  test('with another state is refused', async () => {
    const callback = await comeBack()
    callback.searchParams.set('state', 'another')
    await expectProblem(callback, 400, 'stale')
  })

  test('without a state is refused', async () => {
    const callback = await comeBack()
    callback.searchParams.delete('state')
    await expectProblem(callback, 400, 'stale')
  })

  test('in another browser than the one that asked is refused', async () => {
    const callback = await comeBack()
    browser = cookieBrowser()
    await expectProblem(callback, 400, 'stale')
  })

  test('that comes again is refused, the first one stays good', async () => {
    const callback = await comeBack()
    const first = await browser.visit(String(callback))
    expect(first.text).toContain('您已登录')
    const second = await browser.visit(String(callback))
    expect([second.response.status, second.text.includes(titles.stale)]).toEqual([400, true])
    expect((await browser.visit(`${exam.baseUrl}/`)).text).toContain('您已登录')
  })

  test('that failed can’t be tried again', async () => {
    const callback = await comeBack()
    exam.platform.misbehaviour.token = () => ({})
    await expectProblem(callback, 400, 'failed')
    delete exam.platform.misbehaviour.token
    await expectProblem(callback, 400, 'stale')
  })

  test('of another issuer is refused (mix-up, RFC 9207)', async () => {
    const callback = await comeBack()
    callback.searchParams.set('iss', 'https://evil.test')
    await expectProblem(callback, 400, 'failed')
  })

  test('without an issuer is refused, since the platform says that it names itself', async () => {
    const callback = await comeBack()
    callback.searchParams.delete('iss')
    await expectProblem(callback, 400, 'failed')
  })

  test('with another person’s code is refused (PKCE binds it)', async () => {
    const { searchParams } = await comeBack()
    browser = cookieBrowser()
    const own = await comeBack()
    own.searchParams.set('code', searchParams.get('code') ?? '')
    await expectProblem(own, 400, 'failed')
  })
})

test('a person who refused is told so, kindly', async () => {
  exam.platform.present.refuses = true
  await expectProblem(`${exam.baseUrl}/login`, 403, 'denied')
})

test.each([
  ['server_error', 503, 'unreachable'],
  ['temporarily_unavailable', 503, 'unreachable'],
  ['invalid_scope', 400, 'failed'],
] as const)('the platform’s %s is told in words', async (error, status, title) => {
  const callback = await comeBack()
  callback.searchParams.delete('code')
  callback.searchParams.set('error', error)
  await expectProblem(callback, status, title)
})

describe('the token endpoint', () => {
  type Json = Record<string, unknown>
  /** The ID token anew, signed by the platform's own key unless told otherwise. */
  const signedAnew =
    (changed: (claims: JWTPayload) => JWTPayload, key?: () => Promise<CryptoKey>) =>
    async (answer: Json): Promise<Json> => {
      const claims = changed(decodeJwt(String(answer['id_token'])))
      const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      return { ...answer, id_token: await jwt.sign(key ? await key() : exam.platform.privateKey) }
    }
  const now = () => Math.floor(Date.now() / 1000)
  const halfHash = (text: string) =>
    createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url')

  const evil: Record<string, (answer: Json) => Promise<Json> | Json> = {
    'another nonce': signedAnew((claims) => ({ ...claims, nonce: 'another' })),
    'no nonce': signedAnew(({ nonce: _, ...claims }) => claims),
    'another audience': signedAnew((claims) => ({ ...claims, aud: 'another' })),
    'another issuer': signedAnew((claims) => ({ ...claims, iss: 'https://evil.test' })),
    'an ID token of yesterday': signedAnew((claims) => ({ ...claims, exp: now() - 86_400 })),
    'an ID token of tomorrow': signedAnew((claims) => ({ ...claims, nbf: now() + 86_400 })),
    'no iat': signedAnew(({ iat: _, ...claims }) => claims),
    'no subject': signedAnew(({ sub: _, ...claims }) => claims),
    'another access token’s at_hash': signedAnew((claims) => ({
      ...claims,
      at_hash: halfHash('another access token'),
    })),
    'another key': signedAnew(
      (claims) => claims,
      async () => (await generateKeyPair('ES256')).privateKey,
    ),
    'a changed claim under the old signature': (answer) => {
      const [header, , signature] = String(answer['id_token']).split('.')
      const claims = { ...decodeJwt(String(answer['id_token'])), sub: 'somebody-else' }
      const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
      return { ...answer, id_token: `${header}.${body}.${signature}` }
    },
    'no signature': (answer) => ({
      ...answer,
      id_token: new UnsecuredJWT(decodeJwt(String(answer['id_token']))).encode(),
    }),
    'no ID token': ({ id_token: _, ...answer }) => answer,
  }

  test.each(Object.keys(evil))('with %s signs nobody in', async (name) => {
    Object.assign(exam.platform.misbehaviour, { token: evil[name] })
    await expectProblem(`${exam.baseUrl}/login`, 400, 'failed')
    expect(exam.lines).toHaveLength(1)
  })

  test('with the right at_hash signs in', async () => {
    exam.platform.misbehaviour.token = (answer) =>
      signedAnew((claims) => ({ ...claims, at_hash: halfHash(String(answer['access_token'])) }))(
        answer,
      )
    const { text } = await browser.visit(`${exam.baseUrl}/login`)
    expect(text).toContain('您已登录')
  })
})

test('user info about somebody else signs nobody in', async () => {
  exam.platform.misbehaviour.userinfo = (answer) => ({ ...answer, sub: 'somebody-else' })
  await expectProblem(`${exam.baseUrl}/login`, 400, 'failed')
})

describe('a platform that is away', () => {
  test('at the start is found when it is there', async () => {
    await exam.platform.stop()
    await expectProblem(`${exam.baseUrl}/login`, 503, 'unreachable')
    expect(exam.lines).toEqual([expect.stringContaining('ECONNREFUSED')])
    await exam.platform.start()
    const { text } = await browser.visit(`${exam.baseUrl}/login`)
    expect(text).toContain('您已登录')
  })

  test('when the person comes back says so', async () => {
    const callback = await comeBack()
    await exam.platform.stop()
    await expectProblem(callback, 503, 'unreachable')
    await exam.platform.start()
  })

  test('behind a broken token endpoint says so', async () => {
    exam.platform.misbehaviour.tokenStatus = 502
    await expectProblem(`${exam.baseUrl}/login`, 503, 'unreachable')
  })
})
