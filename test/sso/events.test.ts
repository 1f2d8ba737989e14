import * as oidc from 'openid-client'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { closingWithCode } from '../support/account-closing.ts'
import { detailsWithCode, signedInAt } from '../support/account-pages.ts'
import { processClock } from '../support/clock.ts'
import { lookUp, operatorsOf } from '../support/console.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { enrolled } from '../support/enrolled.ts'
import {
  type EventReceiver,
  eventReceiver,
  eventUri,
  receiverClient,
} from '../support/event-receiver.ts'
import { digits, type SamplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  newPassword,
  personFields,
  toCodeStep,
  toResetStep,
  withChangeCode,
} from '../support/recovering.ts'
import { signInFields } from '../support/registering.ts'
import { answerOf, callback, relyingPartyWith, secret, signIn } from './platform.ts'

const names = ['plain', 'pairwise', 'other'] as const
type Name = (typeof names)[number]

let platform: TestPlatform
let time: ReturnType<typeof processClock>
const receivers = {} as Record<Name, { receiver: EventReceiver; stream: { stream_id: string } }>
beforeAll(async () => {
  time = processClock()
  const clients = names.map((id) =>
    receiverClient(id, {
      redirect_uris: [callback],
      ...(id === 'pairwise'
        ? { subject_type: 'pairwise' }
        : {
            backchannel_logout_uri: 'http://localhost:9/backchannel-logout',
            backchannel_logout_session_required: true,
          }),
    }),
  )
  platform = await testPlatform({ clients, env: { LIMITS_SCALE: '1000' } })
  for (const id of names) {
    const receiver = await eventReceiver(platform.issuer, id)
    receivers[id] = { receiver, stream: await receiver.create() }
  }
})
afterAll(async () => {
  await platform.close()
  time.restore()
})

/** Signs in at the clients in one browser, and returns the subjects and `sid` that they know. */
async function signedInAtClients(person: SamplePerson, ids: readonly Name[]) {
  const browser = cookieBrowser()
  const known: Partial<Record<Name, { sub: string; sid: unknown; idToken: string }>> = {}
  for (const [at, id] of ids.entries()) {
    const options = { execute: [oidc.allowInsecureRequests] }
    const method = oidc.ClientSecretBasic(secret)
    const issuer = new URL(platform.issuer)
    const config = await oidc.discovery(issuer, id, { client_secret: secret }, method, options)
    const { ask } = relyingPartyWith(config)
    const { url, tokens } = await ask()
    const answer = at
      ? answerOf(await browser.visit(url, callback))
      : await signIn(browser, url, signInFields(person))
    const got = await tokens(answer)
    const { sub = '', ...claims } = got.claims() ?? {}
    known[id] = { sub, sid: (claims as { sid?: string }).sid, idToken: String(got.id_token) }
  }
  return { browser, known }
}

/** The events that wait at a client, which are acknowledged. */
async function heardAt(id: Name) {
  const { receiver, stream } = receivers[id]
  const events = await receiver.polled(stream)
  await receiver.polled(
    stream,
    events.map(({ jti }) => String(jti)),
  )
  return events
}
const typesOf = (events: Awaited<ReturnType<typeof heardAt>>) =>
  events.map((claims) => Object.keys(claims['events'])[0])

/** The types of events that wait at the client `plain`. */
const types = async () => typesOf(await heardAt('plain'))

test('a change of the password reaches the clients where the person has signed in, and no other', async () => {
  const person = await enrolled(platform)
  const { known } = await signedInAtClients(person, ['plain', 'pairwise'])
  const { at, page } = await signedInAt(platform, person, '/account/password')
  const fields = { presentPassword: person.password, ...newPassword('another staple 4711') }
  expect((await at.send(page, fields)).heading).toBe('密码已修改')

  const plain = await heardAt('plain')
  expect(typesOf(plain)).toEqual([eventUri.credentialChange, eventUri.sessionRevoked])
  const [changed, revoked] = plain
  expect(changed?.['events']).toEqual({
    [eventUri.credentialChange]: {
      ...{ credential_type: 'password', change_type: 'update' },
      event_timestamp: changed?.iat,
      reason_admin: { en: expect.any(String), 'zh-CN': expect.any(String) },
    },
  })
  expect(changed).not.toHaveProperty('sid')
  expect(revoked?.['sid']).toBe(known.plain?.sid)
  expect(revoked).toHaveProperty('sid')
  const subject = (sub?: string) => ({ format: 'iss_sub', iss: platform.issuer, sub })
  for (const event of plain) expect(event['sub_id']).toEqual(subject(known.plain?.sub))
  expect(new Set(plain.map(({ txn }) => txn)).size).toBe(2)

  const pairwise = await heardAt('pairwise')
  expect(typesOf(pairwise)).toEqual(typesOf(plain))
  for (const event of pairwise) expect(event['sub_id']).toEqual(subject(known.pairwise?.sub))
  expect(JSON.stringify(pairwise)).not.toContain(known.plain?.sub)
  expect(await heardAt('other')).toEqual([])
})

test('a logout reaches the clients of the session', async () => {
  const person = await enrolled(platform)
  const { browser, known } = await signedInAtClients(person, ['plain', 'pairwise'])
  const query = new URLSearchParams({ id_token_hint: String(known.plain?.idToken) })
  const page = await browser.visit(`${platform.issuer}/session/end?${query}`, callback)
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.text) ?? []
  const body = new URLSearchParams({ xsrf, logout: 'yes' })
  const confirm = `${platform.issuer}/session/end/confirm`
  await browser.visit(confirm, callback, { method: 'POST', body })
  for (const id of ['plain', 'pairwise'] as const) {
    const events = await heardAt(id)
    expect(typesOf(events)).toEqual([eventUri.sessionRevoked])
    expect(events[0]?.['sid']).toBe(known[id]?.sid)
  }
})

test('a proof by bank with a new phone reaches clients', async () => {
  const person = await enrolled(platform)
  await signedInAtClients(person, ['plain'])
  const { at } = await signedInAt(platform, person)
  const moved = { ...person, phone: `139${digits(8)}` }
  await platform.issueCard(moved)
  const { save } = await detailsWithCode(platform, at, moved)
  expect((await save()).faults).toEqual([])
  expect(await types()).toEqual([
    eventUri.credentialChange,
    eventUri.assuranceLevelChange,
    eventUri.sessionRevoked,
  ])
})

test('a recovery reaches clients before its change', async () => {
  const person = await enrolled(platform)
  await signedInAtClients(person, ['plain'])
  const at = personAtForms()
  const reset = await toResetStep(platform, at, person)
  expect(await types()).toEqual([])
  await at.send(reset, newPassword('a brand new passphrase'))
  expect(await types()).toEqual([
    eventUri.recoveryActivated,
    eventUri.credentialChange,
    eventUri.sessionRevoked,
  ])
  const moved = { ...person, phone: `139${digits(8)}` }
  await platform.issueCard(moved)
  const offers = await toCodeStep(platform, at, personFields(person))
  const { page, fields } = await withChangeCode(platform, at, offers, moved)
  await at.send(page, fields)
  expect(await types()).toEqual([
    eventUri.recoveryActivated,
    eventUri.credentialChange,
    eventUri.assuranceLevelChange,
  ])
})

test('冻结 and 解冻 reach clients', async () => {
  const person = await enrolled(platform)
  await signedInAtClients(person, ['plain'])
  const desk = await operatorsOf(platform)
  const operator = await desk.signedIn(await desk.newOperator('security'))
  for (const action of ['freeze', 'unfreeze']) {
    const found = await lookUp(operator, { by: 'username', value: person.username })
    const id = found.$('[data-account-id]').attr('data-account-id')
    const token = String(found.$('.results input[name=token]').attr('value'))
    await operator.post(`/lookup/${id}/${action}`, { token, reason: '报案处理' })
  }
  expect(await types()).toEqual([
    eventUri.accountDisabled,
    eventUri.sessionRevoked,
    eventUri.accountEnabled,
  ])
})

test('the erasure of an account reaches clients', async () => {
  const person = await enrolled(platform)
  const { known } = await signedInAtClients(person, ['plain', 'pairwise'])
  const { at } = await signedInAt(platform, person)
  const { press } = await closingWithCode(platform, at, person)
  await press()
  await Promise.all([heardAt('plain'), heardAt('pairwise')])
  time.turn(policyOf().closing.coolingOff + 1)
  const { sub = '' } = known.plain ?? {}
  while (await platform.accounts.findById(sub)) await new Promise((done) => setTimeout(done, 50))
  for (const id of ['plain', 'pairwise'] as const) {
    // The token of before has expired.
    receivers[id] = { ...receivers[id], receiver: await eventReceiver(platform.issuer, id) }
    const events = await heardAt(id)
    expect(typesOf(events)).toEqual([eventUri.accountPurged])
    expect(events[0]?.['sub_id']).toMatchObject({ sub: known[id]?.sub })
  }
})

test('a subject that the receiver removed is not in the stream until it is added again', async () => {
  const person = await enrolled(platform)
  const { known } = await signedInAtClients(person, ['pairwise'])
  const { receiver, stream } = receivers.pairwise
  const subject = { format: 'iss_sub', iss: platform.issuer, sub: known.pairwise?.sub }
  const body = { stream_id: stream.stream_id, subject }
  const { at } = await signedInAt(platform, person)
  const change = async (password: string) => {
    const page = await at.open(`${platform.issuer}/account/password`)
    await at.send(page, { presentPassword: person.password, ...newPassword(password) })
    Object.assign(person, { password })
  }
  await receiver.ask('POST', '/ssf/subjects/remove', body)
  await change('another staple 4711')
  expect(await heardAt('pairwise')).toEqual([])
  await receiver.ask('POST', '/ssf/subjects/add', body)
  await change('one more staple 4712')
  expect(typesOf(await heardAt('pairwise'))).toEqual([eventUri.credentialChange])
})
