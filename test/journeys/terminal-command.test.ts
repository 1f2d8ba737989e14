import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { samplePerson as sample } from '../../sandbox/sample-person.mjs'
import { settings } from '../../sandbox/settings.mjs'
import { processOf } from '../support/operator-command.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { untilNoticeOn } from '../support/phone-notices.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register } from '../support/registering.ts'

/** `npm run terminal`, which is used beside `npm start`. */
let dataDir: string
let platform: TestPlatform
const run = processOf('sandbox/terminal/main', () => ({
  UUP_DATA_DIR: dataDir,
  ISSUER: platform.issuer,
  SIMULATOR_URL: platform.simulatorUrl,
}))
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'uup-terminal-'))
  const { SANDBOX_CLIENTS_FILE } = settings({}, dataDir).platform
  const clients = JSON.parse(await readFile(SANDBOX_CLIENTS_FILE, 'utf8'))
  const own = clients.filter(({ client_id }: { client_id: string }) => client_id === 'terminal')
  platform = await testPlatform({ clients: own })
})
afterAll(async () => {
  await platform.close()
  await rm(dataDir, { recursive: true })
})

const newPhone = '13912345678'

test('the command changes the phone of the registered sample person', async () => {
  const { name, idNumber, birthdate, bank, account, phone, kind } = sample
  const person = samplePerson({ name, idNumber, birthdate, bank, account, phone })
  await register(platform, personAtForms(), person, undefined, kind)

  const early = await run(['--new-phone', newPhone])
  expect([early.status, early.out]).toEqual([1, expect.stringMatching(/^422 .*与银行登记不匹配/s)])
  const { status, out, errors } = await run(['--new-phone', newPhone, '--bank-first'])
  expect([status, errors, out]).toEqual([0, '', expect.stringMatching(/^200 .*"changedAt"/s)])
  const changed = await platform.accounts.findByUsername(person.username)
  expect(changed?.phone).toBe(`+86${newPhone}`)
  await untilNoticeOn(platform, newPhone, 'phone-changed')
  await untilNoticeOn(platform, phone, 'phone-changed-old')
})

test('the command shows a refusal of the platform unchanged', async () => {
  const stranger = samplePerson()
  const whose = ['--id-number', stranger.idNumber, '--account', stranger.account]
  const { status, out } = await run(['--new-phone', newPhone, ...whose])
  expect([status, out]).toEqual([1, expect.stringMatching(/^404 .*urn:uup:problem:no-account/s)])
})

test.each([
  ['no new phone', [], {}, 'npm run terminal -- --new-phone'],
  ['an unknown option', ['--pin', '123456'], {}, "Unknown option '--pin'"],
  [
    'a folder without a key',
    ['--new-phone', newPhone],
    { UUP_DATA_DIR: '/nowhere' },
    'npm start makes one',
  ],
  [
    'an address without a server',
    ['--new-phone', newPhone],
    { ISSUER: 'http://127.0.0.1:12' },
    'does npm start run?',
  ],
])('%s is reported in a line', async (_, args, env, sentence) => {
  const { status, errors } = await run(args, {
    UUP_DATA_DIR: dataDir,
    ISSUER: platform.issuer,
    ...env,
  })
  expect([status, errors]).toEqual([1, expect.stringContaining(sentence)])
})
