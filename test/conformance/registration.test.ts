import { cookieBrowser } from '../support/cookie-browser.ts'
import { callback, type SuitePlatform, suitePlatform } from './suite-platform.ts'

/** The plan for third-party-initiated login, and modules of oidcc-test-plan that register clients of their own. */

let tested: SuitePlatform
beforeAll(async () => {
  tested = await suitePlatform()
})
afterAll(() => tested.close())

type Registered = Readonly<Record<'client_id' | 'client_secret', string>> &
  Readonly<Record<'registration_client_uri' | 'registration_access_token', string>>

async function registered(more: object): Promise<Registered> {
  const { status, body } = await tested.register(more)
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body as Registered
}

const initiate_login_uri = 'https://suite.test/test/a/uup/initiate_login'

test('oidcc-3rd_party-init-login: initiate_login_uri is in the answer to the registration and at registration_client_uri', async () => {
  const client = await registered({ initiate_login_uri })
  expect(client).toMatchObject({ initiate_login_uri })
  const headers = { authorization: `Bearer ${client.registration_access_token}` }
  const read = await tested.ask('GET', client.registration_client_uri, { headers })
  expect(read).toMatchObject({ status: 200, body: { initiate_login_uri } })
  expect(read.type).toMatch(/^application\/json/)
})

test('oidcc-3rd_party-init-login-nohttps: an initiate_login_uri without https is refused', async () => {
  const plain = initiate_login_uri.replace('https:', 'http:')
  const { status, type, body } = await tested.register({ initiate_login_uri: plain })
  expect({ status, error: body['error'] }).toEqual({
    status: 400,
    error: 'invalid_client_metadata',
  })
  expect(type).toMatch(/^application\/json/)
})

/** A page that names the error, without a redirect. */
async function errorPage(params: Readonly<Record<string, string | null>>, client: Registered) {
  const page = await cookieBrowser().visit(tested.request(params, client), callback)
  expect(page.path).toHaveLength(1)
  return page.text
}

test('oidcc-ensure-redirect-uri-in-authorization-request: a client with two redirect URIs that sends none gets an error page', async () => {
  const client = await registered({ redirect_uris: [callback, 'https://example.org/redirect'] })
  expect(await errorPage({ redirect_uri: null }, client)).toContain('redirect_uri')
})

test('oidcc-redirect-uri-query-mismatch: another query than the registered one gets an error page', async () => {
  const client = await registered({ redirect_uris: [`${callback}?bar=foo`] })
  const text = await errorPage({ redirect_uri: `${callback}?foo=bar` }, client)
  expect(text).toContain('invalid_redirect_uri')
})

test('oidcc-redirect-uri-query-added: a query that is not registered gets an error page', async () => {
  const text = await errorPage({ redirect_uri: `${callback}?foo=bar` }, await registered({}))
  expect(text).toContain('invalid_redirect_uri')
})

test('oidcc-redirect-uri-query-OK: a registered query comes back with the code', async () => {
  const redirect_uri = `${callback}?bar=foo`
  const client = await registered({ redirect_uris: [redirect_uri] })
  const answer = await tested.signIn(cookieBrowser(), tested.request({ redirect_uri }, client))
  expect(answer.searchParams.get('bar')).toBe('foo')
  expect(answer.searchParams.get('code')).toBeTruthy()
})

test('oidcc-redirect-uri-regfrag: a redirect URI with a fragment is not registered', async () => {
  const { status, body } = await tested.register({ redirect_uris: [`${callback}#foobar`] })
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_redirect_uri' })
})
