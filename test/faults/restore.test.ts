import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import * as oidc from 'openid-client'
import { children } from '../../sandbox/children.mjs'
import { startStores } from '../../sandbox/stores.mjs'
import { restoreCheckCommand } from '../../src/cli/restore/restore-check-command.ts'
import { registered, signedInAt } from '../support/account-pages.ts'
import { enrolled, setQuestions } from '../support/enrolled.ts'
import { callback, grantedTokens } from '../support/granted-tokens.ts'
import { leaksIn } from '../support/leak-search.ts'
import { commandOf } from '../support/operator-command.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { testPlatform } from '../support/platform.ts'
import { testCrypto } from '../support/test-encryption.ts'

const key = (version: string) => `${version}:${randomBytes(32).toString('base64')}`
const keys = {
  ...{ DATA_KEYS: key('1'), PEPPER_KEYS: key('7'), COOKIE_KEYS: randomBytes(32).toString('hex') },
  ...{ DIGEST_KEY: '', CRYPTO: testCrypto },
}
const client = {
  ...{ client_id: 'library', client_secret: randomBytes(24).toString('base64url') },
  ...{
    client_name: '图书馆',
    first_party: true,
    redirect_uris: [callback],
    scope: 'openid offline_access',
  },
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_post',
}

const family = children()
const folder = mkdtempSync(join(tmpdir(), 'uup-restore-'))
const [ownFolder, copyFolder] = [join(folder, 'own'), join(folder, 'copy')]
family.removeAtEnd(folder)
const running = new Set<{ close(): Promise<void> }>()
afterAll(async () => {
  for (const platform of running) await platform.close()
  await family.stop()
})
const started = (dataDir: string) => startStores({ dataDir, family, log: () => {} })
async function platformOn(ownStores: Awaited<ReturnType<typeof started>>) {
  const platform = await testPlatform({ env: keys, clients: [client], ownStores })
  running.add(platform)
  return platform
}

async function close(platform: Awaited<ReturnType<typeof platformOn>>) {
  running.delete(platform)
  await platform.close()
}

const connected = (uri: string) => mongoose.createConnection(uri).asPromise()
type Stored = Readonly<Record<string, unknown>> & { readonly _id: string }

/** Copies the data folder of a running MongoDB, as docs/operations.md tells. */
async function backUp(uri: string): Promise<void> {
  const mongodb = await connected(uri)
  const admin = mongodb.getClient().db('admin')
  await admin.command({ fsync: 1, lock: true })
  try {
    mkdirSync(copyFolder)
    execFileSync('cp', ['--recursive', '--sparse=always', join(ownFolder, 'mongodb'), copyFolder])
  } finally {
    await admin.command({ fsyncUnlock: 1 })
    await mongodb.close()
  }
}

const headingFor = async (platform: { readonly issuer: string }, person: SamplePerson) =>
  (await signedInAt(platform, person)).page.heading

test('a copy of MongoDB on other ports, with an empty Redis, passes restore-check and serves everybody', async () => {
  const own = await started(ownFolder)
  const platform = await platformOn(own)
  const people = [
    await registered(platform, samplePerson()),
    ...(await Promise.all(Array.from({ length: 5 }, () => enrolled(platform)))),
  ] as const
  await setQuestions(platform, people[0])
  const { refresh } = await grantedTokens(platform, client, people[0])
  // A process that ends signs the heads of its events.
  await platform.restart()
  await backUp(own.mongodbUri)
  const later = await registered(platform, samplePerson())
  expect(await headingFor(platform, later)).toBe('用户信息')
  await close(platform)

  const copy = await started(copyFolder)
  expect(copy.mongodbUri).not.toBe(own.mongodbUri)
  const env = { ...keys, MONGODB_URI: copy.mongodbUri }
  const { run, done } = commandOf(restoreCheckCommand, () => env)
  const checked = await done('--sample', '100')
  expect(checked).toMatch(/^accounts: 6 records, 6 tried$/m)
  expect(checked).toMatch(/^oidc\.RefreshToken: 1 records, 1 tried$/m)
  expect(checked).toMatch(/^audit: result: intact$/m)
  expect(checked).toMatch(/^result: complete$/m)

  const restored = await platformOn(copy)
  for (const person of people) expect(await headingFor(restored, person)).toBe('用户信息')
  expect(await headingFor(restored, later)).toBe('登录')
  const config = await oidc.discovery(
    new URL(restored.issuer),
    ...([client.client_id, client.client_secret, undefined] as const),
    { execute: [oidc.allowInsecureRequests] },
  )
  expect((await oidc.refreshTokenGrant(config, refresh)).access_token).toMatch(/./)
  await close(restored)

  for (const [name, problem] of [
    ['DATA_KEYS', 'DATA_KEYS: version 1 is not the key'],
    ['PEPPER_KEYS', 'PEPPER_KEYS: version 7 is not the key'],
  ] as const) {
    const { status, errors } = await run([], {
      ...env,
      [name]: key(name === 'DATA_KEYS' ? '1' : '7'),
    })
    expect([status, errors]).toEqual([78, expect.stringContaining(problem)])
  }
  const mongodb = await connected(copy.mongodbUri)
  const stored = (name: string) => mongodb.collection<Stored>(name)
  const [one, other] = await stored('accounts').find().sort({ _id: 1 }).limit(2).toArray()
  await stored('accounts').updateOne(
    { _id: one?._id ?? '' },
    { $set: { sealed: other?.['sealed'] } },
  )
  await stored('accounts').updateOne(
    { _id: other?._id ?? '' },
    { $set: { usernameDigest: ['i1.x'] } },
  )
  await stored('accounts').deleteMany({ _id: { $nin: [one?._id ?? '', other?._id ?? ''] } })
  await stored('signing_keys').deleteOne({ _id: 'audit-chain.1' })
  await stored('audit').updateMany({}, { $set: { dataKey: 9 } })
  await stored('schema_migrations').deleteMany({})
  const { status, out, errors } = await run([])
  expect(status).toBe(1)
  expect(errors).toMatch(/^the copy is not complete: \d problems$/m)
  const lines = [
    'schema: older than this version, whose start migrates it',
    'schema_migrations: missing or empty',
    'accounts: 1 records cannot be decrypted: changed, or encrypted with another key',
    'accounts: 1 records are not found by their usernameDigest',
    expect.stringMatching(/^audit: \d+ records need data key 9, which is missing in data_keys$/),
    'signing_keys: the keys of the audit are missing',
  ]
  expect(out.split('\n')).toEqual(expect.arrayContaining(lines))
  for (const { name, phone, idNumber, username } of people)
    expect(leaksIn(out + checked, { name, phone, idNumber, username })).toEqual([])

  await stored('data_keys').deleteOne({ _id: 'data.1' })
  const incomplete = await run([])
  expect([incomplete.status, incomplete.errors]).toEqual([
    ...[78, expect.stringMatching(/^MONGODB_URI: data_keys lacks data\.1: /)],
  ])
  await mongodb.close()
})
