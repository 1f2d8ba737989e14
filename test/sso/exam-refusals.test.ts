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
/** Every test also expects that the log contains no personal data and no secret. */
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

/** Signs in up to the redirect to the callback, which is not requested yet. */
async function callbackUrl(): Promise<URL> {
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
    const callback = await callbackUrl()
    callback.searchParams.set('state', 'another')
    await expectProblem(callback, 400, 'stale')
  })

  test('without a state is refused', async () => {
    const callback = await callbackUrl()
    callback.searchParams.delete('state')
    await expectProblem(callback, 400, 'stale')
  })

  test('in another browser than the one that started the login is refused', async () => {
    const callback = await callbackUrl()
    browser = cookieBrowser()
    await expectProblem(callback, 400, 'stale')
  })

  test('that is repeated is refused, and the session of the first one stays', async () => {
    const callback = await callbackUrl()
    const first = await browser.visit(String(callback))
    expect(first.text).toContain('您已登录')
    const second = await browser.visit(String(callback))
    expect([second.response.status, second.text.includes(titles.stale)]).toEqual([400, true])
    expect((await browser.visit(`${exam.baseUrl}/`)).text).toContain('您已登录')
  })

  test('that failed can not be repeated', async () => {
    const callback = await callbackUrl()
    exam.platform.misbehaviour.token = () => ({})
    await expectProblem(callback, 400, 'failed')
    delete exam.platform.misbehaviour.token
    await expectProblem(callback, 400, 'stale')
  })

  test('of another issuer is refused (mix-up, RFC 9207)', async () => {
    const callback = await callbackUrl()
    callback.searchParams.set('iss', 'https://evil.test')
    await expectProblem(callback, 400, 'failed')
  })

  test('without an issuer is refused, because the platform announces the iss parameter', async () => {
    const callback = await callbackUrl()
    callback.searchParams.delete('iss')
    await expectProblem(callback, 400, 'failed')
  })

  test('with the code of another person is refused, because PKCE binds it to the browser', async () => {
    const { searchParams } = await callbackUrl()
    browser = cookieBrowser()
    const ownCallback = await callbackUrl()
    ownCallback.searchParams.set('code', searchParams.get('code') ?? '')
    await expectProblem(ownCallback, 400, 'failed')
  })
})

test('a person who declined sees a friendly explanation', async () => {
  exam.platform.present.refuses = true
  await expectProblem(`${exam.baseUrl}/login`, 403, 'denied')
})

test.each([
  ['server_error', 503, 'unreachable'],
  ['temporarily_unavailable', 503, 'unreachable'],
  ['invalid_scope', 400, 'failed'],
] as const)('the error %s of the platform is explained', async (error, status, title) => {
  const callback = await callbackUrl()
  callback.searchParams.delete('code')
  callback.searchParams.set('error', error)
  await expectProblem(callback, status, title)
})

describe('the token endpoint', () => {
  type Json = Record<string, unknown>
  /** Replaces the ID token by one with changed claims, signed with the key of the platform by default. */
  const withIdToken =
    (changed: (claims: JWTPayload) => JWTPayload, key?: () => Promise<CryptoKey>) =>
    async (answer: Json): Promise<Json> => {
      const claims = changed(decodeJwt(String(answer['id_token'])))
      const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      return { ...answer, id_token: await jwt.sign(key ? await key() : exam.platform.privateKey) }
    }
  const now = () => Math.floor(Date.now() / 1000)
  const halfHash = (text: string) =>
    createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url')

  const invalidAnswers: Record<string, (answer: Json) => Promise<Json> | Json> = {
    'another nonce': withIdToken((claims) => ({ ...claims, nonce: 'another' })),
    'no nonce': withIdToken(({ nonce: _, ...claims }) => claims),
    'another audience': withIdToken((claims) => ({ ...claims, aud: 'another' })),
    'another issuer': withIdToken((claims) => ({ ...claims, iss: 'https://evil.test' })),
    'an ID token of yesterday': withIdToken((claims) => ({ ...claims, exp: now() - 86_400 })),
    'an ID token of tomorrow': withIdToken((claims) => ({ ...claims, nbf: now() + 86_400 })),
    'no iat': withIdToken(({ iat: _, ...claims }) => claims),
    'no subject': withIdToken(({ sub: _, ...claims }) => claims),
    'the at_hash of another access token': withIdToken((claims) => ({
      ...claims,
      at_hash: halfHash('another access token'),
    })),
    'another key': withIdToken(
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

  test.each(Object.keys(invalidAnswers))('with %s signs nobody in', async (name) => {
    Object.assign(exam.platform.misbehaviour, { token: invalidAnswers[name] })
    await expectProblem(`${exam.baseUrl}/login`, 400, 'failed')
    expect(exam.lines).toHaveLength(1)
  })

  test('with the right at_hash signs in', async () => {
    exam.platform.misbehaviour.token = (answer) =>
      withIdToken((claims) => ({ ...claims, at_hash: halfHash(String(answer['access_token'])) }))(
        answer,
      )
    const { text } = await browser.visit(`${exam.baseUrl}/login`)
    expect(text).toContain('您已登录')
  })
})

test('userinfo about another subject signs nobody in', async () => {
  exam.platform.misbehaviour.userinfo = (answer) => ({ ...answer, sub: 'somebody-else' })
  await expectProblem(`${exam.baseUrl}/login`, 400, 'failed')
})

describe('a platform that is unreachable', () => {
  test('at the start is found once it is reachable', async () => {
    await exam.platform.stop()
    await expectProblem(`${exam.baseUrl}/login`, 503, 'unreachable')
    expect(exam.lines).toEqual([expect.stringContaining('ECONNREFUSED')])
    await exam.platform.start()
    const { text } = await browser.visit(`${exam.baseUrl}/login`)
    expect(text).toContain('您已登录')
  })

  test('at the callback is explained', async () => {
    const callback = await callbackUrl()
    await exam.platform.stop()
    await expectProblem(callback, 503, 'unreachable')
    await exam.platform.start()
  })

  test('because of a broken token endpoint is explained', async () => {
    exam.platform.misbehaviour.tokenStatus = 502
    await expectProblem(`${exam.baseUrl}/login`, 503, 'unreachable')
  })
})
