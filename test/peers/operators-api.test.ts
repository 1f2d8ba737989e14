import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { exportPKCS8 } from 'jose'
import type { ClientMetadata } from '../../config/client-metadata.ts'
import { keyedClient } from '../sso/keyed-client.ts'
import { adminApi } from '../support/admin-api.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { projectFile } from '../support/project-files.ts'

const run = promisify(execFile)
/** It is installed once and kept between runs. */
const venv = fileURLToPath(new URL('../../.data/schemathesis', import.meta.url))
const program = join(venv, 'bin/schemathesis')

let platform: TestPlatform
let folder: string
let token: string
let settings: Readonly<Record<string, string>>
beforeAll(async () => {
  if (!existsSync(program)) {
    await run('python3', ['-m', 'venv', venv])
    await run(join(venv, 'bin/pip'), ['install', '--quiet', 'schemathesis==4.32.5'])
  }
  platform = await testPlatform({ env: { LIMITS_SCALE: '10000' } })
  const api = await adminApi(platform)
  token = await (await api.newClient()).token({}, false)
  const client = await keyedClient('maintenance', 'RS256', {
    ...{ redirect_uris: [], response_types: [], grant_types: ['client_credentials'] },
    first_party: false,
    ...{ scope: 'admin:stats:read admin:accounts:write', resources: [platform.adminUrl] },
  })
  await api.clients.add(client.metadata as unknown as ClientMetadata, 'command')
  folder = await mkdtemp(join(tmpdir(), 'uup-operators-api-'))
  const keyFile = join(folder, 'key.pem')
  await writeFile(keyFile, await exportPKCS8(client.privateKey))
  settings = {
    ...{ ISSUER: platform.issuer, ADMIN_ORIGIN: platform.adminUrl },
    ...{ CLIENT_ID: client.id, KEY_FILE: keyFile, KID: client.kid },
  }
})
afterAll(async () => {
  await platform.close()
  await rm(folder, { recursive: true })
})

/** Runs a program with the settings of the documented examples. */
const example = async (name: string, args: readonly string[]) =>
  (await run(name, args, { env: { PATH: process.env['PATH'], ...settings } })).stdout

test('the documented example in Node.js gets a bound token and calls the API', async () => {
  const stdout = await example(process.execPath, ['docs/examples/operators-api/call.mjs'])
  const [stats, unlock] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect([stats.status, stats.body.by, unlock.status]).toEqual([200, 'day', 404])
})

test('the documented commands for curl get a token and call the API', async () => {
  const { text } = projectFile('docs/operators-api.md')
  const [, script = ''] = /```sh\n([^`]*client_assertion[^`]*)```/.exec(text) ?? []
  expect(JSON.parse(await example('sh', ['-c', script]))).toMatchObject({ by: 'day' })
})

// A client has 60 names: all combinations of their limits would take a minute.
test.each([
  [
    'the operators’ API, but for clients,',
    ['--phases', 'coverage,fuzzing', '--exclude-path-regex'],
  ],
  ['the calls about clients', ['--phases', 'fuzzing', '--include-path-regex']],
])(
  'schemathesis finds no answer of %s that differs from the OpenAPI document',
  async (_, which) => {
    const document = `${platform.adminUrl}/api/admin/openapi.json`
    const options = [
      ...[...which, '^/clients', '--max-examples', '15', '--seed', '16'],
      ...['--header', `Authorization: Bearer ${token}`],
      // Values that fit the schema may still be refused: check characters, periods, keys that were used, rules of metadata.
      ...['--checks', 'all', '--exclude-checks', 'positive_data_acceptance'],
      ...['--generation-database', 'none', '--continue-on-failure', '--no-color'],
    ]
    // It keeps a cache in its folder.
    await run(program, ['run', document, ...options], { cwd: folder, maxBuffer: 1 << 26 }).catch(
      ({ stdout, stderr }) => {
        throw new Error(`${stdout}${stderr}`)
      },
    )
  },
)
