import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashSync } from '@node-rs/argon2'
import { encryptedCollections } from '../../src/adapters/mongo/data-keys/encrypted-collections.ts'
import { renewRecords } from '../../src/adapters/mongo/data-keys/renew-records.ts'
import { unprovedAccountsMongo } from '../../src/adapters/mongo/unproved/unproved-accounts-mongo.ts'
import { accountsCommand } from '../../src/cli/accounts/accounts-command.ts'
import { restoreCheckCommand } from '../../src/cli/restore/restore-check-command.ts'
import { enrol } from '../support/enrolled.ts'
import { asCsv, asNdjson, importedLine, saltedHash } from '../support/imported-lines.ts'
import { commandOf } from '../support/operator-command.ts'
import { samplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { tcpProxyTo } from '../support/tcp-proxy.ts'
import { sampleUnit } from '../support/units.ts'

const secrets = {
  DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
  DIGEST_KEY: randomBytes(32).toString('base64'),
}
const environment = () => ({ MONGODB_URI: platform.stores.mongodbUri, ...secrets })
const { run } = commandOf(accountsCommand, environment)

let platform: TestPlatform
let folder: string
beforeAll(async () => {
  platform = await testPlatform({ env: secrets })
  folder = await mkdtemp(join(tmpdir(), 'uup-import-'))
})
afterAll(async () => {
  await platform.close()
  await rm(folder, { recursive: true })
})

async function fileOf(text: string, name = `${randomBytes(6).toString('hex')}.ndjson`) {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

const importText = async (text: string, ...options: readonly string[]) =>
  run(['import', await fileOf(text), ...options])

const people = (count: number) => Array.from({ length: count }, () => samplePerson())
const records = () => platform.stores.mongodb.collection('unproved_accounts')
const reservations = () => platform.stores.mongodb.collection('account_reservations')
const reportOf = async (file: string) =>
  (await readFile(`${file}.report.ndjson`, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

test('NDJSON and CSV are imported, and an identical line is no error and no change', async () => {
  const lines = [...people(3).map((person) => importedLine(person))]
  const [first = {}, ...others] = lines
  const before = await records().countDocuments()
  expect(await importText(asNdjson(lines))).toEqual({
    ...{ status: 0, errors: '' },
    out: '3 imported, 0 known already, 0 refused\n',
  })
  const imported = await records().find().toArray()
  expect(imported).toHaveLength(before + 3)
  // The same values as CSV, with a byte order mark, the phone in E.164 and the time in another zone.
  const again = { ...first, phone: `+86${first['phone']}`, registered_at: '2016-10-10T00:00:00Z' }
  expect(await importText(`\uFEFF${asCsv([again, ...others])}`)).toMatchObject({
    ...{ status: 0, out: '0 imported, 3 known already, 0 refused\n' },
  })
  expect(await records().find().toArray()).toEqual(imported)
  const numbers = { ...importedLine(samplePerson()), phone: 13800000000 }
  expect((await importText(asNdjson([numbers]))).status).toBe(0)
  const csv = asCsv(people(2).map((person) => importedLine(person)))
  expect((await importText(csv)).out).toBe('2 imported, 0 known already, 0 refused\n')
})

test('nothing personal is stored unencrypted, and the hash has the pepper’s encryption around it', async () => {
  const person = samplePerson()
  const line = importedLine(person)
  await importText(asNdjson([line]))
  const stored = JSON.stringify(await records().find().toArray())
  for (const value of [person.username, person.name, person.idNumber, person.phone, 'SSHA256'])
    expect(stored).not.toContain(value)
  expect(stored).not.toContain(line['password_hash'])
})

const asArgon2 = (memoryCost: number) =>
  hashSync('x', { memoryCost: 64, timeCost: 1 }).replace('m=64', `m=${memoryCost}`)

test.each([
  ['a bad username', { username: '1x' }, 'username is not valid'],
  ['a missing username', { username: '' }, 'username is missing'],
  [
    'a bad password_hash',
    { password_hash: '5f4dcc3b5aa765d61d8327deb882cf99' },
    'of no known kind',
  ],
  ['a missing password_hash', { password_hash: '' }, 'password_hash is missing'],
  ['argon2 above 64 MiB', { password_hash: asArgon2(64 * 1024 + 1) }, 'above the bounds'],
  ['bcrypt above 14', { password_hash: `$2b$15$${'a'.repeat(53)}` }, 'above the bounds'],
  [
    'scrypt above 17',
    { password_hash: `$scrypt$ln=18,r=8,p=1$c2FsdA$${'A'.repeat(43)}` },
    'above the bounds',
  ],
  [
    'PBKDF2 above 1,000,000',
    { password_hash: `$pbkdf2-sha256$1000001$c2FsdA$${'A'.repeat(43)}` },
    'above the bounds',
  ],
  ['a bad name', { name: '123' }, 'name is not valid'],
  ['a bad id_type', { id_type: '居民身份证' }, 'id_type is missing or unknown'],
  ['a bad id_number', { id_number: '440102199003071230' }, 'id_number is not valid'],
  ['a bad id_country', { id_type: 'passport', id_number: 'E12345678' }, 'id_country is missing'],
  ['a bad phone', { phone: '075512333' }, 'phone is not valid'],
  ['a bad registered_at', { registered_at: '10/10/2016' }, 'registered_at is not valid'],
  ['a future registered_at', { registered_at: '2999-01-01' }, 'registered_at is not valid'],
])('a line with %s is reported by number and reason', async (_, change, reason) => {
  const [good, bad] = people(2)
  if (!good || !bad) throw new Error('nobody')
  const file = await fileOf(asNdjson([importedLine(good), { ...importedLine(bad), ...change }]))
  const { status, out, errors } = await run(['import', file])
  expect([status, out]).toEqual([65, '1 imported, 0 known already, 1 refused\n'])
  expect(errors).toContain(`${file}.report.ndjson`)
  const [line, ...others] = await reportOf(file)
  expect([line, others]).toEqual([{ line: 2, reason: expect.stringContaining(reason) }, []])
  for (const word of [bad.username, bad.name, bad.idNumber, bad.phone])
    expect(JSON.stringify(line) + errors).not.toContain(word)
})

test('text that is no JSON object and a row of CSV with a value too many are bad lines', async () => {
  const [one, two] = people(2).map((person) => importedLine(person))
  const file = await fileOf(`${asNdjson([one ?? {}])}no json\n[]\n\n${asNdjson([two ?? {}])}`)
  expect((await run(['import', file])).out).toBe('2 imported, 0 known already, 2 refused\n')
  const reason = 'the line cannot be read'
  expect(await reportOf(file)).toEqual([
    { line: 2, reason },
    { line: 3, reason },
  ])
  const csv = await fileOf(`${asCsv([importedLine(samplePerson())])},"more"\n`, 'more.csv')
  expect((await run(['import', csv])).status).toBe(65)
  expect(await reportOf(csv)).toEqual([{ line: 2, reason }])
})

test('a username that an account, another import or an earlier line has is a clash, without case', async () => {
  const [account, earlier, twin, free] = people(4)
  if (!account || !earlier || !twin || !free) throw new Error('nobody')
  await enrol(platform, account)
  await importText(asNdjson([importedLine(earlier)]))
  const lines = [
    { ...importedLine(samplePerson()), username: account.username.toUpperCase() },
    { ...importedLine(samplePerson()), username: earlier.username },
    // Another password is another line.
    importedLine(earlier),
    importedLine(free),
    importedLine(twin),
    importedLine(twin),
  ]
  const file = await fileOf(asNdjson(lines))
  const dry = await run(['import', file, '--dry-run'])
  expect([dry.status, dry.out]).toEqual([65, '2 would be imported, 0 known already, 4 refused\n'])
  const expected = [1, 2, 3, 6].map((line) => ({ line, reason: 'username is taken' }))
  expect(await reportOf(file)).toEqual(expected)
  const done = await run(['import', file])
  expect([done.status, done.out]).toEqual([65, '2 imported, 0 known already, 4 refused\n'])
  expect(await reportOf(file)).toEqual(expected)
})

test('two lines may name one document, and units are imported by their code', async () => {
  const one = samplePerson()
  const unit = sampleUnit()
  const ofUnit = {
    ...importedLine({ ...unit.handler, username: unit.username }),
    ...{ name: unit.unitName, id_type: 'uscc', id_number: unit.code },
  }
  const lines = [one, samplePerson({ idNumber: one.idNumber })].map((each) => importedLine(each))
  expect((await importText(asNdjson([...lines, ofUnit]))).out).toContain('3 imported')
})

test('the command says what is wrong with its arguments and its file', async () => {
  for (const typed of [[], ['import'], ['export', 'x'], ['import', 'x', 'y'], ['import', '/none']])
    expect([typed, (await run(typed)).status]).toEqual([typed, 64])
  const file = await fileOf('username,name\nx,y\n', 'few.csv')
  expect(await run(['import', file])).toMatchObject({
    ...{ status: 65, errors: expect.stringContaining('password_hash, id_type') },
  })
})

/** Runs the command as a process. */
function started(file: string, mongodbUri: string): ChildProcess {
  const script = fileURLToPath(new URL('../../src/cli/accounts.ts', import.meta.url))
  const node = ['--import', import.meta.resolve('tsx'), script, 'import', file]
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, ...environment(), MONGODB_URI: mongodbUri }
  return spawn(process.execPath, node, { env, stdio: 'ignore' })
}

test('an import that was killed goes on with --resume only, and loses and doubles nothing', async () => {
  const all = people(2500)
  const [bad] = people(1)
  if (!bad) throw new Error('nobody')
  const lines = all.map((person) => importedLine(person, saltedHash('a password')))
  const file = await fileOf(asNdjson([{ ...importedLine(bad), phone: '' }, ...lines]))
  const before = await records().countDocuments()

  // The process waits for an answer about the first username of the third batch, before it stores this batch.
  const [index = ''] = platform.encryption.inMongo.lookupIndexes(
    'accounts.username',
    (all[1999]?.username ?? '').toLowerCase(),
  )
  const { mongodb } = platform.stores
  const { hosts } = mongodb.getClient().options
  const proxy = await tcpProxyTo(hosts[0]?.port ?? 0)
  const held = proxy.holdAnswersTo(index)
  const uri = `mongodb://127.0.0.1:${proxy.port}/${mongodb.name}?directConnection=true`
  const child = started(file, uri)
  const ended = once(child, 'exit')
  await held
  child.kill('SIGKILL')
  await ended
  await proxy.close()

  const refused = await run(['import', file])
  expect([refused.status, refused.errors]).toEqual([65, expect.stringContaining('--resume')])
  const dry = await run(['import', file, '--dry-run'])
  expect([dry.status, dry.errors]).toEqual([65, expect.stringContaining('after line 2000')])
  const resumed = await run(['import', file, '--resume'])
  expect([resumed.status, resumed.out]).toEqual([65, '2500 imported, 0 known already, 1 refused\n'])
  expect(await reportOf(file)).toEqual([{ line: 1, reason: 'phone is missing or unknown' }])
  expect((await records().countDocuments()) - before).toBe(2500)
  const stored = await records().find().toArray()
  const reserved = { _id: { $in: stored.flatMap(({ usernameDigest }) => usernameDigest) } }
  expect(await reservations().countDocuments(reserved)).toBe(stored.length)
  expect((await run(['import', file])).out).toBe('0 imported, 2500 known already, 1 refused\n')
})

test('a file that changed since its import was interrupted is refused', async () => {
  const file = await fileOf(asNdjson([importedLine(samplePerson())]))
  const progress = { size: 1, read: 0, line: 0, imported: 0, known: 0, refused: 0, report: 0 }
  await writeFile(`${file}.progress.json`, JSON.stringify(progress))
  const { status, errors } = await run(['import', file, '--resume'])
  expect([status, errors]).toEqual([65, expect.stringContaining('has changed')])
})

test('the import refuses while a process of an older version runs, which would remove its reservations', async () => {
  const readers = platform.stores.mongodb.collection<{ _id: string }>('data_key_readers')
  await readers.insertOne({ _id: 'older', ...{ revision: 1, at: new Date() } })
  const refused = await importText(asNdjson([importedLine(samplePerson())]))
  expect([refused.status, refused.errors]).toEqual([65, expect.stringContaining('older version')])
  await readers.deleteOne({ _id: 'older' })
})

test('restore-check reads imported records, and a rotation renews them', async () => {
  const person = samplePerson()
  await importText(asNdjson([importedLine(person)]))
  const all = await records().countDocuments()
  const { out } = await commandOf(restoreCheckCommand, environment).run([])
  const about = out.split('\n').filter((line) => line.startsWith('unproved_accounts:'))
  expect(about).toEqual([`unproved_accounts: ${all} records, ${Math.min(all, 1000)} tried`])

  const { mongodb: connection } = platform.stores
  const { inMongo: encryption } = platform.encryption
  const collection = encryptedCollections.find(({ name }) => name === 'unproved_accounts')
  if (!collection) throw new Error('a rotation does not know them')
  const stale = [encryption.dataKey()]
  const done = await renewRecords(connection, collection, encryption, stale, async () => {})
  expect(done).toEqual({ renewed: all, missed: 0, unreadable: [] })
  const { findByUsername, findByDocument } = await unprovedAccountsMongo({ connection, encryption })
  const found = await findByUsername(person.username)
  expect(found).toMatchObject({ name: person.name, phone: `+86${person.phone}` })
  const document = { type: person.idType, number: person.idNumber }
  expect(await findByDocument(document, 9)).toEqual([found])

  await reservations().deleteMany({ account: found?.id })
  const broken = await commandOf(restoreCheckCommand, environment).run(['--sample', '10000'])
  expect(broken.out).toContain(
    'unproved_accounts: 1 records have a username or document that is not',
  )
})
