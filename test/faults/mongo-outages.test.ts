import { randomUUID } from 'node:crypto'
import { type Policy, policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { detailsWithCode, registered, signedInAt } from '../support/account-pages.ts'
import { callback, grantedTokens } from '../support/granted-tokens.ts'
import { type OwnMongodb, ownMongodb } from '../support/own-stores.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { signInFields, withCode } from '../support/registering.ts'
import { terminal, terminalPath, wantedFor } from '../support/terminal.ts'
import {
  electPrimary,
  loseMajority,
  losePrimary,
  regainMajority,
} from '../support/write-majority.ts'

const client = {
  client_id: 'backend',
  client_secret: 'a-secret-of-the-tests-and-of-nothing-else',
  token_endpoint_auth_method: 'client_secret_post',
  redirect_uris: [callback],
  grant_types: [
    'authorization_code',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
  scope: 'openid offline_access',
  first_party: true,
}
const machine = await terminal()

let own: OwnMongodb
let platform: TestPlatform
beforeAll(async () => {
  own = await ownMongodb()
  platform = await testPlatform({
    clients: [client, machine.metadata],
    // Only the limits of bank checks have their real values. The stores' deadlines end these requests, not their own one,
    // which a loaded machine exceeds while it renders the page.
    policy: (usual) => ({
      ...usual,
      ...{
        bankCheck: policyOf().bankCheck,
        request: { deadline: 30 } as unknown as Policy['request'],
      },
    }),
    env: { LIMITS_SCALE: '1000', INITIAL_ACCESS_TOKEN: 'a-token-of-the-tests-and-of-nothing-else' },
    ownStores: { mongodbUri: own.uri },
  })
})
afterAll(async () => {
  await platform.close()
  await own.close()
})

const outageSentence = '统一用户平台暂时无法办理，请稍后再试'
const keptInputSentence = `${outageSentence}，您填写的内容已保留`
const bankCalls = async () => (await platform.simulator('GET', '/calls')).bank

/** Makes the server read-only, or writable again. */
const blockWrites = (blocks: boolean) =>
  own.mongodb.getClient().db('admin').command({ setUserWriteBlockMode: 1, global: blocks })

const post = (path: string, fields: Readonly<Record<string, string>>) =>
  fetch(platform.issuer + path, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ client_id: client.client_id, client_secret: client.client_secret },
      ...fields,
    }),
  })

/** A person who is signed in and only has to press 保存. */
async function atDetails() {
  const person = await registered(platform, samplePerson())
  const { at } = await signedInAt(platform, person)
  const { save } = await detailsWithCode(platform, at, person, { phone: '' })
  return { at, person, save }
}

/** A person who only has to press 下一步 at the last step of a registration. */
async function atLastStep() {
  const [at, person] = [personAtForms(), samplePerson()]
  await platform.issueCard(person)
  const { page, fields } = await withCode(platform, at, person)
  return { person, finish: () => at.send(page, fields) }
}

function expectPage(page: FilledPage, text: string) {
  expect(page.status).toBe(503)
  expect(page.headers.get('retry-after')).toBe('5')
  expect(page.faults.join() || page.text).toContain(text)
}

async function expectEndpoint(response: Response) {
  const answer = { status: response.status, body: await response.json() }
  expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
  expect(response.headers.get('retry-after')).toBe('5')
}

test('a MongoDB that hangs is an outage on every page and endpoint', async () => {
  const { person, save } = await atDetails()
  const { finish } = await atLastStep()
  const { access, refresh } = await grantedTokens(platform, client, person)
  const login = await personAtForms().open(`${platform.issuer}/account`)
  const at = personAtForms()
  const loginPage = await at.open(`${platform.issuer}/account`)
  const token = await machine.token(platform.issuer)
  const body = await machine.body(wantedFor(person), platform.issuer)
  // After a restart no client is cached, so each request has to read its client from MongoDB.
  await platform.restart()
  own.hang()
  const [pages, endpoints, problem, authorization] = await Promise.all([
    Promise.all([save(), finish(), at.send(loginPage, signInFields(person))]),
    Promise.all([
      post('/token', { grant_type: 'refresh_token', refresh_token: refresh }),
      post('/token/introspection', { token: refresh }),
      post('/token/revocation', { token: refresh }),
      post('/request', { response_type: 'code', redirect_uri: callback, scope: 'openid' }),
      post('/device/auth', { scope: 'openid' }),
      fetch(`${platform.issuer}/me`, { headers: { authorization: `Bearer ${access}` } }),
      fetch(`${platform.issuer}/reg`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: 'Bearer a-token-of-the-tests-and-of-nothing-else',
        },
        body: JSON.stringify({ redirect_uris: [callback] }),
      }),
    ]),
    fetch(platform.issuer + terminalPath, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(body),
    }),
    personAtForms().open(`${platform.issuer}/auth?client_id=backend&response_type=code`),
  ])
  own.resume()
  expect(authorization.status).toBe(503)
  expect(login.status).toBe(200)
  const [saved, finished, signedIn] = pages
  expectPage(saved, outageSentence)
  expectPage(finished, keptInputSentence)
  expectPage(signedIn, outageSentence)
  for (const response of endpoints) await expectEndpoint(response)
  expect(problem.status).toBe(503)
  expect(problem.headers.get('retry-after')).toBe('5')
  expect(await problem.json()).toMatchObject({ type: 'urn:uup:problem:outage', status: 503 })
})

test('a write that no majority acknowledges is an outage, and repeating it is safe', async () => {
  const [{ save }, { finish }] = [await atDetails(), await atLastStep()]
  const before = await bankCalls()
  await loseMajority(own.mongodb)
  const pages = await Promise.all([save(), finish()])
  await regainMajority(own.mongodb)
  for (const page of pages) expectPage(page, keptInputSentence)
  expect((await save()).heading).toBe('用户信息已保存')
  expect((await finish()).heading).toBe('注册成功')
  expect(await bankCalls()).toBe(before + 2)
})

test('a form keeps its input and the limits count nothing while MongoDB accepts no writes, and the bank is called once', async () => {
  const { finish } = await atLastStep()
  const before = await bankCalls()
  await blockWrites(true)
  // These are more checks than a card may have in a day.
  const pages = []
  for (let n = 0; n < 6; n += 1) pages.push(await finish())
  await blockWrites(false)
  for (const page of pages) expectPage(page, keptInputSentence)
  expect((await finish()).heading).toBe('注册成功')
  expect(await bankCalls()).toBe(before + 1)
})

test('an open transaction of another client is an outage until it ends', async () => {
  const { person, save } = await atDetails()
  const account = await platform.accounts.findByUsername(person.username)
  // The sandbox's limit is shorter than the platform waits.
  const limit = { setParameter: 1, transactionLifetimeLimitSeconds: 60 }
  await own.mongodb.getClient().db('admin').command(limit)
  const session = await own.mongodb.startSession()
  session.startTransaction()
  const accounts = own.mongodb.collection<{ _id: string }>('accounts')
  await accounts.updateOne({ _id: String(account?.id) }, { $set: { held: true } }, { session })
  const before = await bankCalls()
  const page = await save()
  await session.abortTransaction()
  await session.endSession()
  expectPage(page, keptInputSentence)
  expect((await save()).heading).toBe('用户信息已保存')
  expect(await bankCalls()).toBe(before + 1)
})

test('an authorization request with prompt=none is redirected with temporarily_unavailable while there is no primary', async () => {
  const { at, person } = await atDetails()
  await grantedTokens(platform, client, person)
  const request = new URL(`${platform.issuer}/auth`)
  request.search = String(
    new URLSearchParams({
      ...{ client_id: 'backend', response_type: 'code', redirect_uri: callback, state: 'a-state' },
      ...{ scope: 'openid', prompt: 'none', code_challenge_method: 'S256' },
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    }),
  )
  await losePrimary(own.mongodb)
  const { path } = await at.browser.visit(request.href, callback)
  await electPrimary(own.mongodb)
  expect(Object.fromEntries(path.at(-1)?.searchParams ?? [])).toMatchObject({
    ...{ error: 'temporarily_unavailable', state: 'a-state' },
  })
})

test('a device keeps polling with authorization_pending if its code is confirmed during an outage', async () => {
  const answer = await post('/device/auth', { scope: 'openid' })
  const { device_code: code, user_code: typed } = (await answer.json()) as Record<string, string>
  const { at } = await atDetails()
  const page = await at.open(`${platform.issuer}/device`)
  const confirm = await at.send(page, { user_code: String(typed) })
  await losePrimary(own.mongodb)
  const refused = await at.send(confirm, { user_code: String(typed), confirm: 'yes' })
  await electPrimary(own.mongodb)
  expect(refused.status).toBe(503)
  const polled = await post('/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: String(code),
  })
  expect(await polled.json()).toMatchObject({ error: 'authorization_pending' })
})
