import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BadEnvironment } from '../../config/environment/bad-environment.ts'
import { readAllSettings } from '../../src/compose/settings/all-settings.ts'
import { readClientFiles } from '../../src/sso/clients/client-files.ts'
import { checkMetadata, problemLine } from '../../src/sso/clients/metadata/check-metadata.ts'

const folder = mkdtempSync(join(tmpdir(), 'uup-clients-'))
function writtenFile(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const exam = {
  client_id: 'exam',
  client_secret: 'a-secret-of-the-tests',
  client_name: '考生服务系统',
  redirect_uris: ['http://localhost:3001/callback'],
  scope: 'openid profile',
  first_party: true,
}
const shop = { ...exam, client_id: 'shop', first_party: false }

function settingsProblems(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof BadEnvironment) return error.problems
    throw error
  }
  return []
}

describe('the client files', () => {
  test('are read from YAML and from JSON', () => {
    const yaml = writtenFile(
      'clients.yaml',
      `
- client_id: exam
  client_secret: a-secret-of-the-tests
  client_name: 考生服务系统
  redirect_uris: [http://localhost:3001/callback]
  scope: openid profile
  first_party: true
`,
    )
    const json = writtenFile('clients.json', JSON.stringify([shop]))
    const read = readClientFiles({ CLIENTS_FILE: yaml, SANDBOX_CLIENTS_FILE: json })
    const basic = { token_endpoint_auth_method: 'client_secret_basic' }
    expect(read).toEqual([
      { metadata: { ...exam, ...basic }, file: yaml },
      { metadata: { ...shop, ...basic }, file: json },
    ])
    expect(readClientFiles({})).toEqual([])
  })

  test('are reported with all problems at once, by file and client', () => {
    const path = writtenFile(
      'bad.json',
      JSON.stringify([
        { client_id: 'no-secret', redirect_uris: ['https://a.test/cb'], first_party: 'yes' },
        { client_id: 'exam', client_secret: 's', redirect_uris: ['https://a.test/#here'] },
        { client_secret: 's', redirect_uris: [], scope: 'openid everything', collor: 'red' },
        {
          client_id: 'public',
          token_endpoint_auth_method: 'none',
          require_pkce: false,
          redirect_uris: ['https://a.test/cb'],
          scope: 'openid offline_access',
          resources: ['https://api.test/#part', 'api'],
          profile: 'fapi1',
        },
        { ...exam },
        'not a client',
      ]),
    )
    const problems = settingsProblems(() => readClientFiles({ CLIENTS_FILE: path }))
    for (const line of problems) expect(line).toMatch(/^CLIENTS_FILE: /)
    const reported = problems.join('\n')
    for (const part of [
      `${path}: client no-secret: first_party: must be true or false`,
      'client no-secret: client_secret: is missing (client_secret_basic needs it)',
      'client exam: redirect_uris.0: must have no fragment',
      'client number 3: client_id: is missing',
      'client number 3: redirect_uris: must hold one address or more',
      'client number 3: scope: must be of openid, offline_access',
      'client number 3: collor: no such metadata',
      'client public: require_pkce: a public client can not do without PKCE',
      'client public: grant_types: must hold refresh_token',
      'client public: resources.0: must have no fragment',
      'client public: resources.1: must be an address',
      'client public: profile: must be one of fapi2',
      'client number 6: ',
    ])
      expect(reported).toContain(part)
  })

  test('may not contain weak secrets in production, which are reported with all other problems', () => {
    const secrets = {
      short: 'a-secret-of-the-tests',
      repeated: 'ab'.repeat(20),
      copied: 'at-least-32-random-characters-please',
      random: 'Zx8Qm1kV4cN7sT0wY3bH6jL9pR2dF5gA',
    }
    const list = Object.entries(secrets).map(([id, secret]) => ({
      ...{ ...exam, client_id: id, client_secret: secret },
      ...(id === 'short' && { first_party: 'yes' }),
    }))
    const CLIENTS_FILE = writtenFile('secrets.json', JSON.stringify([...list, 'not a client']))
    const reported = (env: object) =>
      settingsProblems(() => readClientFiles({ CLIENTS_FILE, ...env }))
    const weak = (id: string) =>
      `CLIENTS_FILE: ${CLIENTS_FILE}: client ${id}: client_secret: must be 32 characters or more, drawn by chance (openssl rand -base64 32)`
    for (const env of [
      { NODE_ENV: 'production' },
      { ISSUER: 'https://login.example.cn' },
    ] as const) {
      const problems = reported(env)
      expect(problems).toEqual(expect.arrayContaining(['short', 'repeated', 'copied'].map(weak)))
      expect(problems).not.toContain(weak('random'))
      expect(problems.join()).toContain('client short: first_party: must be true or false')
      for (const secret of Object.values(secrets)) expect(problems.join()).not.toContain(secret)
    }
    expect(reported({ ISSUER: 'http://localhost:3000' }).join()).not.toContain('client_secret')
  })

  test('may not give redirect URIs to a client without authorization_code, nor other grants to a terminal', () => {
    const terminal = {
      client_id: 'terminal',
      grant_types: ['client_credentials'],
      scope: 'terminal:phone-change',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ kty: 'EC' }] },
    }
    expect(checkMetadata(terminal)).toEqual({
      metadata: { ...terminal, redirect_uris: [], response_types: [] },
    })
    const problems = (different: object) => {
      const judged = checkMetadata({ ...terminal, ...different })
      return 'problems' in judged ? judged.problems.map(problemLine) : []
    }
    expect(problems({ redirect_uris: ['https://a.test/cb'], response_types: ['code'] })).toEqual([
      'redirect_uris: must hold none (without authorization_code nobody is sent here by it)',
      'response_types: must hold none (without authorization_code nobody is sent here by it)',
    ])
    expect(
      problems({ redirect_uris: ['https://a.test/cb'], grant_types: ['authorization_code'] }),
    ).toEqual([
      'scope: must hold openid',
      'grant_types: must be client_credentials alone (terminal:phone-change needs it)',
    ])
    const secret = { client_secret: 'a-secret', jwks: undefined }
    expect(problems({ ...secret, token_endpoint_auth_method: 'client_secret_basic' })).toEqual([
      'token_endpoint_auth_method: must be private_key_jwt (terminal:phone-change needs it)',
      'jwks: must stand here (terminal:phone-change needs it)',
    ])
    expect(problems({ token_endpoint_auth_method: 'none', scope: undefined })).toEqual([
      'grant_types: client_credentials are for a client that can prove who it is',
    ])
  })

  test('of the operators’ API may have no other grant and has to authenticate by a key or a certificate', () => {
    const machine = {
      client_id: 'machine',
      grant_types: ['client_credentials'],
      scope: 'admin:keys',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ kty: 'EC' }] },
    }
    const problems = (different: object) => {
      const judged = checkMetadata({ ...machine, ...different })
      return 'problems' in judged ? judged.problems.map(problemLine) : []
    }
    expect(problems({})).toEqual([])
    const secret = { client_secret: 'a-secret', jwks: undefined }
    expect(problems({ ...secret, token_endpoint_auth_method: 'client_secret_post' })).toEqual([
      'token_endpoint_auth_method: must be private_key_jwt or a certificate (admin:keys needs it)',
    ])
    const more = { scope: 'openid admin:keys', redirect_uris: ['https://a.test/cb'] }
    const grants = { grant_types: ['authorization_code', 'client_credentials'] }
    expect(problems({ ...more, ...grants })).toEqual([
      'grant_types: must be client_credentials alone (admin:keys needs it)',
    ])
  })

  test('may not list one client twice', () => {
    const one = writtenFile('one.json', JSON.stringify([exam]))
    const two = writtenFile('two.json', JSON.stringify([{ ...exam, client_name: 'another' }]))
    expect(
      settingsProblems(() => readClientFiles({ CLIENTS_FILE: one, SANDBOX_CLIENTS_FILE: two })),
    ).toEqual(['CLIENTS_FILE: client exam: stands there twice'])
  })

  test.each([
    ['missing', join(folder, 'nowhere.yaml')],
    ['unreadable', writtenFile('broken.yaml', '- {')],
    ['no list', writtenFile('map.yaml', 'client_id: exam')],
  ])('are reported as a problem when a file is %s', (_, path) => {
    const problems = settingsProblems(() => readClientFiles({ CLIENTS_FILE: path }))
    expect(problems).toEqual([
      `CLIENTS_FILE: ${path}: must be a readable YAML or JSON list of clients`,
    ])
  })

  test('are reported together with the problems of the environment and the banks', () => {
    const CLIENTS_FILE = writtenFile(
      'wrong.yaml',
      JSON.stringify([{ ...exam, scope: 'everything' }]),
    )
    const source = { CLIENTS_FILE, BANKS_FILE: '/nowhere', PORT: 'x', DIGEST_KEY: 'short' }
    expect(settingsProblems(() => readAllSettings(source))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^PORT: /),
        expect.stringMatching(/^MONGODB_URI: is missing/),
        expect.stringMatching(/^CLIENTS_FILE: .*client exam: scope: must be of /),
        expect.stringMatching(/^BANKS_FILE: can't be read/),
      ]),
    )
  })

  test('are reported without their secrets', () => {
    const secret = 'geheim-ü'
    const path = writtenFile('secret.json', JSON.stringify([{ ...exam, client_secret: secret }]))
    const problems = settingsProblems(() => readClientFiles({ CLIENTS_FILE: path }))
    expect(problems).toHaveLength(1)
    expect(problems.join()).not.toContain(secret)
  })
})
