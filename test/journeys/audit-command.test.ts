import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditCommand } from '../../src/cli/audit/audit-command.ts'
import { registered } from '../support/account-pages.ts'
import { commandOf, processOf } from '../support/operator-command.ts'
import { samplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

const secrets = {
  DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
  DIGEST_KEY: randomBytes(32).toString('base64'),
}
const environment = () => ({ MONGODB_URI: platform.stores.mongodbUri, ...secrets })
const { run, done } = commandOf(auditCommand, environment)
const asProcess = processOf('src/cli/audit', environment)

let platform: TestPlatform
let folder: string
beforeAll(async () => {
  platform = await testPlatform({ env: secrets })
  await registered(platform, samplePerson())
  folder = await mkdtemp(join(tmpdir(), 'uup-audit-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await platform.close()
})
const events = () => platform.stores.mongodb.collection<{ _id: string }>('audit')

test('events are searched and exported with their addresses, and each look is an event', async () => {
  const { accountId } = (await events().findOne({ what: 'registered' })) as unknown as {
    accountId: string
  }
  const found = await done('search', '--account', accountId, '--what', 'registered')
  expect(found).toMatch(/^\d{4}-\S+Z {2}registered {2}.*address=127\.0\.0\.1/)
  expect(found.trim().split('\n')).toHaveLength(1)
  expect(await done('search', '--address', '127.0.0.0/24')).toContain('registered')
  expect(await done('search', '--address', '198.51.100.1')).toBe('no event\n')
  expect(await done('search', '--limit', '1')).toContain('more than 1')

  const day = ['--from', '2026-01-01', '--to', '2100-01-01']
  const lines = (await done('export', ...day)).trim().split('\n')
  const exported = lines.map((line) => JSON.parse(line))
  expect(exported.find(({ what }) => what === 'registered')).toMatchObject({
    ...{ account: accountId, address: '127.0.0.1', id: expect.any(String) },
  })
  expect(exported.map(({ at }) => at)).toEqual(exported.map(({ at }) => at).toSorted())
  const csv = await done('export', ...day, '--format', 'csv')
  expect(csv.startsWith('\uFEFFid,at,what,account,')).toBe(true)
  const cef = await done('export', ...day, '--format', 'cef', '--what', 'registered')
  expect(cef).toMatch(
    /^CEF:0\|UUP\|unified-user-platform\|1\|registered\|registered\|3\|externalId=/,
  )
  expect(cef).toContain(' src=127.0.0.1 ')

  const looks = await events()
    .find({ what: /^audit-/ as unknown as string })
    .toArray()
  expect(looks.filter((look) => 'what' in look && look.what === 'audit-exported')).toHaveLength(3)
  expect(looks.filter((look) => 'what' in look && look.what === 'audit-searched')).toHaveLength(4)
  expect(JSON.stringify(looks)).not.toContain('198.51.100.1')
})

test('an intact audit verifies with the log, and a removed event ends the command with 1 and is named', async () => {
  await platform.restart()
  const log = join(folder, 'log')
  await writeFile(log, platform.lines.join(''))
  expect(platform.lines.join('')).toContain('audit head')
  const intact = await run(['verify', '--head', log])
  expect(intact).toMatchObject({ status: 0, errors: '' })
  expect(intact.out).toMatch(/^result: intact$/m)

  const gone = await events().findOneAndDelete({ what: 'registered' } as object)
  const { status, out, errors } = await asProcess(['verify', '--head', log])
  expect([status, errors]).toEqual([1, 'the audit was changed: 1 faults\n'])
  const [day, process, number] = String(gone?._id).split('.')
  expect(out).toContain(`removed: chain ${day}.${process}: event ${Number(number)} is missing`)
  expect(out).toMatch(/^result: damaged$/m)
  const { target } = (await events().findOne({ detail: 'damaged' } as object)) as unknown as {
    target: string
  }
  expect(target).toMatch(/^head \d+$/)
})

test('the public keys of heads are printed as a JSON Web Key Set without private members', async () => {
  const { keys } = JSON.parse(await done('key'))
  expect(keys).toEqual([
    {
      kty: 'OKP',
      crv: 'Ed25519',
      x: expect.any(String),
      kid: expect.any(String),
      alg: 'EdDSA',
      use: 'sig',
    },
  ])
})

test('mistakes in the command line are refused with a line', async () => {
  const mistakes: readonly (readonly [readonly string[], number, string])[] = [
    [[], 64, 'a command is missing'],
    [['delete'], 64, 'delete: no such command'],
    [['verify', '--limit', '1'], 64, '--limit: does not belong to verify'],
    [['search', '--what', 'x'], 64, '--what: must be one of registered,'],
    [['search', '--address', '10.0.0.0/8'], 64, '--address: networks are /24'],
    [['search', '--from', 'yesterday'], 64, '--from: must be like 2026-11-29'],
    [['search', '--limit', '0'], 64, '--limit: must be a number from 1'],
    [['export', '--from', '2026-01-01'], 64, '--to is missing'],
    [['export', '--from', '2026-01-01', '--to', '2026-01-02', '--format', 'xml'], 64, '--format:'],
    [['verify', '--head', join(folder, 'none')], 65, `can't be read (ENOENT)`],
    [['verify', '--head', '/dev/null'], 65, 'contains no head of an audit'],
  ]
  for (const [typed, status, line] of mistakes) {
    const ended = await run(typed)
    expect([typed, ended.status, ended.out]).toEqual([typed, status, ''])
    expect(ended.errors).toContain(line)
  }
})
