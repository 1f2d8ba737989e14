import * as oidc from 'openid-client'
import { signedInAt } from '../support/account-pages.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { earlierDatabase } from '../support/earlier-database.ts'
import { enrolled, enrolUnit, setQuestions } from '../support/enrolled.ts'
import { grantedTokens } from '../support/granted-tokens.ts'
import type { SamplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { toMethodStep } from '../support/recovering.ts'
import { signInFields } from '../support/registering.ts'
import { sampleUnit } from '../support/units.ts'
import { clients, relyingParty, signIn } from './platform.ts'

/** Fields that earlier versions added one after the other, or that only some documents have. */
const optional: Readonly<Record<string, readonly string[]>> = {
  accounts: [
    'kind',
    'agreement',
    'changedBy',
    'confirmedAt',
    'sealed.cardKind',
    'sealed.idCountry',
  ],
  clients: ['owner', 'file', 'origins', 'previous'],
  'oidc.Grant': ['account', 'holder', 'expiresAt'],
  'oidc.RefreshToken': ['account', 'holder', 'grant', 'expiresAt'],
  signing_keys: ['signsFrom'],
}

type Document = { readonly _id: unknown; readonly [field: string]: unknown }

let platform: TestPlatform
let person: SamplePerson
let unit: SamplePerson
let refresh: string
beforeAll(async () => {
  platform = await testPlatform({
    env: { LIMITS_SCALE: '60000' },
    clients: [clients.exam, clients.shop],
  })
  person = await enrolled(platform)
  await setQuestions(platform, person)
  unit = await enrolUnit(platform, sampleUnit())
  refresh = (await grantedTokens(platform, clients.exam, person)).refresh
  await walk()
})
afterAll(() => platform.close())

const inCollection = (name: string) => platform.stores.mongodb.collection<Document>(name)

/** The paths of a document's fields, at most two levels deep. */
const pathsOf = (document: object): readonly string[] =>
  Object.entries(document).flatMap(([field, value]) =>
    value && Object.getPrototypeOf(value) === Object.prototype
      ? [field, ...Object.keys(value).map((inner) => `${field}.${inner}`)]
      : [field],
  )

/** Forgets sessions and caches, as after an outage of Redis and a restart. */
async function restarted(): Promise<void> {
  const { redis, keyPrefix } = platform.stores
  const keys = await redis.keys(`${keyPrefix}*`)
  if (keys.length) await redis.unlink(...keys)
  await platform.restart()
}

/** Everything that reads durable documents. Returns the addresses that answered with a fault. */
async function walk(): Promise<readonly string[]> {
  const faults: string[] = []
  const at = personAtForms()
  async function see(what: string, visit: () => Promise<unknown>) {
    try {
      const seen = (await visit()) as { readonly status?: number }
      if ((seen?.status ?? 200) >= 500) faults.push(`${what}: ${seen.status}`)
    } catch (error) {
      // A document without the field may be refused or asked for again, but never with a fault.
      if (/\b50\d\b|server_error/.test(String(error) + JSON.stringify(error))) faults.push(what)
    }
  }
  for (const who of [person, unit]) {
    await see('sign in', async () => {
      const { ask, config } = await relyingParty(platform.issuer)
      const { url, tokens } = await ask({ scope: 'openid profile phone' })
      const { access_token } = await tokens(await signIn(cookieBrowser(), url, signInFields(who)))
      return oidc.fetchUserInfo(config, access_token, oidc.skipSubjectCheck)
    })
    await see('account', async () => (await signedInAt(platform, who, '/account', at)).page)
    for (const page of [
      'details',
      'password',
      'questions',
      'sign-ins',
      'permissions',
      'records',
      'data',
      'close',
    ])
      await see(page, () => at.open(`${platform.issuer}/account/${page}`))
    await see('consent', async () => {
      const { ask } = await relyingParty(platform.issuer, 'shop')
      const { url } = await ask({ scope: 'openid profile' })
      return signIn(cookieBrowser(), url, signInFields(who))
    })
  }
  await see('refresh', async () => {
    const { config } = await relyingParty(platform.issuer)
    return oidc.refreshTokenGrant(config, refresh)
  })
  await see('recovery', async () => {
    const recovering = personAtForms()
    const method = await toMethodStep(platform, recovering, person.username)
    return recovering.send(method, {}, 'questions')
  })
  for (const path of ['/', '/jwks', '/.well-known/openid-configuration', '/register'])
    await see(path, () => fetch(platform.issuer + path))
  await platform.settled()
  const fault = platform.lines.find((line) => line.includes('"level":50'))
  return fault ? [...faults, fault.slice(0, 300)] : faults
}

/** Fields that documents have today and had not in the earlier version, so whatever is added is tried, and `optional`. */
async function newerFields(name: string): Promise<readonly string[]> {
  const earlier = new Set((earlierDatabase.collections[name] ?? []).flatMap(pathsOf))
  const present = (await inCollection(name).find().toArray()).flatMap(pathsOf)
  // Without the outer field the inner ones are absent too.
  const isInside = (path: string) => path.includes('.') && !earlier.has(path.split('.')[0] ?? '')
  const newer = present.filter((path) => !earlier.has(path) && !isInside(path))
  return [...new Set([...newer, ...(optional[name] ?? [])])].filter((path) =>
    present.includes(path),
  )
}

test('the walk meets no fault while every field is there', async () => {
  expect(await walk()).toEqual([])
})

test.each(Object.keys(earlierDatabase.collections).filter((name) => name !== 'key_check_values'))(
  'documents of %s that lack newer fields are never answered with a fault',
  async (name) => {
    const fields = await newerFields(name)
    if (!fields.length) return
    // A unit has had its kind since there are units.
    const those = fields.includes('kind') ? { kind: { $ne: 'organisation' } } : {}
    const kept = await inCollection(name).find(those).toArray()
    const unset = Object.fromEntries(fields.map((path) => [path, '' as const]))
    await inCollection(name).updateMany(those, { $unset: unset })
    await restarted()
    platform.lines.length = 0
    expect({ fields, faults: await walk() }).toEqual({ fields, faults: [] })
    for (const document of kept)
      await inCollection(name).replaceOne({ _id: document._id }, document)
  },
)

test('the walk notices a document that can not be read', async () => {
  const [account] = await inCollection('accounts').find({ kind: 'individual' }).toArray()
  if (!account) throw new Error('there is no account')
  await inCollection('accounts').updateOne({ _id: account._id }, { $unset: { 'sealed.phone': '' } })
  await restarted()
  expect(await walk()).not.toEqual([])
})
