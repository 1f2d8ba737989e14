import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientCommand } from '../../src/cli/client-command.ts'
import { eventReceiver } from '../support/event-receiver.ts'
import { commandOf, processOf } from '../support/operator-command.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

const folder = mkdtempSync(join(tmpdir(), 'uup-command-'))
const keys = {
  DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
  DIGEST_KEY: randomBytes(32).toString('base64'),
}
/** Two processes that answer alternately, so that two requests reach both. */
let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: keys, processes: 2 })
})
afterAll(async () => {
  await platform.close()
  rmSync(folder, { recursive: true })
})

type Env = Readonly<Record<string, string>>
const environment = (): Env => ({
  MONGODB_URI: platform.stores.mongodbUri,
  REDIS_URL: platform.stores.redisUrl,
  REDIS_PREFIX: platform.stores.keyPrefix,
  ...keys,
})
const { run, done } = commandOf(clientCommand, environment)

const secretIn = (out: string): string => {
  const [, secret] = /shown this once\): (\S{43})$/m.exec(out) ?? []
  if (!secret) throw new Error(`no secret in: ${out}`)
  return secret
}

/** The answer of each process to the credentials of this client; the refresh token is only checked for a known client. */
async function statusAtEachProcess(id: string, secret: string): Promise<readonly string[]> {
  const ask = async () => {
    const response = await fetch(`${platform.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'none' }),
    })
    const { error } = (await response.json()) as { error: string }
    return error === 'invalid_grant' ? 'known' : error
  }
  return [await ask(), await ask()]
}
const known = ['known', 'known']
const refused = ['invalid_client', 'invalid_client']

const audited = async (clientId: string) => {
  const events = await platform.stores.mongodb
    .collection<{ what: string; detail: string; clientId: string }>('audit')
    .find({ clientId })
    .sort({ at: 1 })
    .toArray()
  return events.map(({ what, detail }) => `${what} ${detail}`)
}

const callback = ['--redirect-uri', 'https://library.test/callback']
const refreshing = ['--set', 'grant_types=[authorization_code, refresh_token]']

test('every process knows a client as the command left it, from adding to removing', async () => {
  expect(await statusAtEachProcess('library', 'x'.repeat(43))).toEqual(refused)
  const added = await done('add', '--id', 'library', '--name', '图书馆', ...callback, ...refreshing)
  const first = secretIn(added)
  expect(await statusAtEachProcess('library', first)).toEqual(known)
  expect(await statusAtEachProcess('library', `${first}x`)).toEqual(refused)

  const second = secretIn(await done('rotate-secret', 'library'))
  expect(await statusAtEachProcess('library', second)).toEqual(known)
  expect(await statusAtEachProcess('library', first)).toEqual(known)
  expect(await statusAtEachProcess('library', '')).not.toContain('known')

  const third = secretIn(await done('rotate-secret', 'library', '--keep', '0'))
  expect(await statusAtEachProcess('library', third)).toEqual(known)
  expect(await statusAtEachProcess('library', second)).toEqual(refused)
  expect(await statusAtEachProcess('library', first)).toEqual(refused)

  const changed = await done('change', 'library', '--name', '市图书馆', '--set', 'client_uri=null')
  expect(changed).toBe('client library: changed\n')
  expect(await statusAtEachProcess('library', third)).toEqual(known)
  const shown = await done('show', 'library')
  expect(shown).toContain('client_name: 市图书馆')
  expect(shown).toContain('# owner: command')
  expect(shown).toContain('id_token_signed_response_alg: ES256')
  expect(await done('list')).toMatch(/^library +command +市图书馆$/m)
  for (const secret of [first, second, third]) expect(shown).not.toContain(secret)

  expect(await done('disable', 'library')).toBe('client library: disabled\n')
  expect(await statusAtEachProcess('library', third)).toEqual(refused)
  expect(await done('list')).toMatch(/^library +command \(disabled\) +市图书馆$/m)
  expect((await run(['disable', 'library'])).status).toBe(65)
  expect(await done('enable', 'library')).toBe('client library: enabled\n')
  expect(await statusAtEachProcess('library', third)).toEqual(known)

  expect(await done('remove', 'library')).toBe('client library: removed\n')
  expect(await statusAtEachProcess('library', third)).toEqual(refused)
  expect(await audited('library')).toEqual([
    'client-added command',
    'client-secret-rotated command',
    'client-secret-rotated command',
    'client-changed command',
    'client-disabled command',
    'client-enabled command',
    'client-removed command',
  ])
})

test('a client added from a file keeps the secret of the file, which the command does not print', async () => {
  const file = join(folder, 'archive.yaml')
  const secret = 'a-secret-that-the-archive-chose-itself'
  writeFileSync(
    file,
    `client_id: archive\nclient_secret: ${secret}\nredirect_uris: [https://archive.test/callback]
grant_types: [authorization_code, refresh_token]\n`,
  )
  expect(await done('add', file, '--name', '档案馆')).toBe('client archive: added\n')
  expect(await statusAtEachProcess('archive', secret)).toEqual(known)
})

test('a weak secret is refused', async () => {
  const file = join(folder, 'guessed.yaml')
  writeFileSync(
    file,
    'client_id: guessed\nclient_secret: archive2026\nredirect_uris: [https://archive.test/callback]\n',
  )
  const { status, errors } = await run(['add', file])
  expect(status).toBe(65)
  expect(errors).toContain('client guessed: client_secret: must be 32 characters or more')
  expect(errors).not.toContain('archive2026')
})

test('changing a client that a file owns is refused with the name of the file', async () => {
  const { status, errors, out } = await run(['change', 'exam-service', '--name', 'x'])
  expect({ status, out }).toEqual({ status: 65, out: '' })
  expect(errors).toMatch(
    /^client exam-service: \/.*clients\.json owns it: change it there, then restart\n$/,
  )
})

test('all problems of the metadata are reported at once, and nothing changes', async () => {
  const { status, errors } = await run([
    ...[
      'add',
      '--id',
      'bad',
      '--scope',
      'openid everything',
      '--redirect-uri',
      'https://a.test/#b',
    ],
    ...['--auth-method', 'password', '--set', 'collor=red', '--set', 'resources=[here]'],
  ])
  expect(status).toBe(65)
  for (const problem of [
    'client bad: scope: must be of openid',
    'client bad: redirect_uris.0: must have no fragment',
    'client bad: token_endpoint_auth_method: must be one of',
    'client bad: collor: no such metadata',
    'client bad: resources.0: must be an address',
  ])
    expect(errors).toContain(problem)
  expect(await done('list')).not.toContain('bad')
})

test('the client id of the platform itself is refused', async () => {
  const { status, errors } = await run(['add', '--id', 'account', ...callback])
  expect(status).toBe(65)
  expect(errors).toContain('client account: client_id: is what the platform calls itself')
})

test('all problems of the environment are reported at once with exit status 78', async () => {
  const { status, errors } = await run(['list'], { MONGODB_URI: 'http://x', DATA_KEYS: 'short' })
  expect(status).toBe(78)
  expect(errors.trimEnd().split('\n').sort()).toEqual([
    'DATA_KEYS: must be VERSION:KEY[,VERSION:KEY], each KEY 32 bytes in base64',
    'MONGODB_URI: must begin with mongodb://',
    'REDIS_URL: is missing',
  ])
})

test('with other data keys than those of the platform nothing is stored, and the exit status is 78', async () => {
  const foreign = { DATA_KEYS: `1:${randomBytes(32).toString('base64')}` }
  const adding = ['add', '--id', 'sealed-by-a-stranger', ...callback]
  const { status, errors } = await run(adding, { ...environment(), ...foreign })
  expect(status).toBe(78)
  expect(errors).toMatch(
    /^DATA_KEYS: version 1 is not the key of that version in this MongoDB database/,
  )
  expect(await done('list')).not.toContain('stranger')
})

test('a store that does not answer is named in one line with exit status 69', async () => {
  const away = { ...environment(), REDIS_URL: 'redis://:a-password@127.0.0.1:1/0' }
  const { status, errors } = await run(['list'], away)
  expect(status).toBe(69)
  expect(errors).toBe(
    'Redis does not answer (127.0.0.1:1). Does the platform run? ' +
      'If it was started with a REDIS_URL of its own, give this command the same REDIS_URL.\n',
  )
})

test('the command as a process has the same output', async () => {
  const asProcess = processOf('src/cli/client', environment)
  for (const typed of [['list'], ['show', 'nobody'], ['--help']])
    expect(await asProcess(typed)).toEqual(await run(typed))
})

test('an unknown command is answered with the usage and exit status 64', async () => {
  const { status, errors } = await run(['frobnicate'], {})
  expect(status).toBe(64)
  expect(errors).toContain('frobnicate: no such command')
  expect(errors).toContain('rotate-secret ID')
})

test('an operator pauses the events of a receiver, who learns both changes of the status', async () => {
  const metadata = ['--scope', 'openid ssf.manage', ...callback]
  const grants = ['--set', 'grant_types=[authorization_code, client_credentials]']
  const added = await done('add', '--id', 'receiver', '--name', '接收方', ...metadata, ...grants)
  expect((await run(['pause-events', 'receiver'])).errors).toContain('has no event stream')
  const receiver = await eventReceiver(platform.issuer, 'receiver', 'ssf.manage', secretIn(added))
  const stream = await receiver.create()
  const verify = () =>
    receiver.ask('POST', '/ssf/verification', { stream_id: stream.stream_id, state: 'a' })
  const heard = async () =>
    (await receiver.polled(stream)).map((claims) => Object.values(claims['events'])[0])
  const reason = 'An operator of the platform changed the status.'
  await done('pause-events', 'receiver')
  expect((await run(['pause-events', 'receiver'])).errors).toContain('is paused already')
  await verify()
  expect(await heard()).toEqual([{ status: 'paused', reason }])
  await done('resume-events', 'receiver')
  expect(await heard()).toEqual([
    { status: 'paused', reason },
    { state: 'a' },
    { status: 'enabled', reason },
  ])
})
