import { type Json, type SuitePlatform, suitePlatform } from './suite-platform.ts'

/** The module of the plan Config, which looks at discovery and at the published keys. */

let tested: SuitePlatform
beforeAll(async () => {
  tested = await suitePlatform()
})
afterAll(() => tested.close())

test('oidcc-discovery-endpoint-verification: discovery names what we support, and no other response type', async () => {
  const { discovery, proxy } = tested
  const answer = await tested.ask('GET', '/.well-known/openid-configuration')
  expect(answer).toMatchObject({ status: 200, type: expect.stringMatching(/^application\/json/) })
  expect(discovery).toMatchObject({
    issuer: proxy.url,
    response_types_supported: ['code'],
    subject_types_supported: ['public', 'pairwise'],
    request_parameter_supported: true,
    claims_parameter_supported: true,
    code_challenge_methods_supported: ['S256'],
    scopes_supported: expect.arrayContaining(['openid']),
    claims_supported: expect.arrayContaining(['sub', 'iss', 'auth_time', 'acr', 'name']),
    id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
    userinfo_signing_alg_values_supported: expect.arrayContaining(['RS256']),
    request_object_signing_alg_values_supported: expect.arrayContaining(['RS256']),
    ui_locales_supported: ['zh-CN', 'en'],
  })
  expect(discovery['grant_types_supported']).not.toContain('implicit')
  for (const [name, value] of Object.entries(discovery))
    if (/_endpoint$|_uri$/.test(name)) expect(value).toMatch(`${proxy.url}/`)
})

test('oidcc-discovery-endpoint-verification: the published keys are complete, public, and have distinct names', async () => {
  const { body } = await tested.ask('GET', String(tested.discovery['jwks_uri']))
  const keys = body['keys'] as Json[]
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length)
  for (const key of keys) {
    expect(key).toMatchObject({ kid: expect.any(String), alg: expect.any(String) })
    expect(['sig', 'enc']).toContain(key['use'])
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])
      expect(key).not.toHaveProperty(secret)
  }
})
