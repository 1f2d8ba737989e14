import { randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import { type Policy, policy } from '../../config/limits-and-lifetimes.ts'
import { keyAlgorithms, signingAlgorithms } from '../../config/oidc.ts'
import { keysCommand } from '../../src/cli/keys-command.ts'
import { commandOf, processOf } from '../support/operator-command.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

const { keys: limits } = policy()
const look = 0.02
const frequentLook = (usual: Policy) =>
  ({ ...usual, keys: { ...usual.keys, look } }) as unknown as Policy
const secrets = {
  DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
  DIGEST_KEY: randomBytes(32).toString('base64'),
}
const environment = () => ({ MONGODB_URI: platform.stores.mongodbUri, ...secrets })
const { run, done } = commandOf(keysCommand, environment)

/** Two processes that answer alternately, so that two requests reach both. */
let platform: TestPlatform

type Line = {
  readonly alg: string
  readonly number: number
  readonly what: string
  readonly kid: string
}
const linesIn = (out: string): Line[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('  '))
    .map(([alg = '', number, what = '', kid = '']) => ({ alg, number: Number(number), what, kid }))

async function published(): Promise<readonly string[]> {
  const response = await fetch(`${platform.issuer}/jwks`)
  const { keys } = (await response.json()) as { keys: JWK[] }
  return keys.map(({ kid }) => String(kid))
}

/** Waits until both processes publish exactly these keys in any order. */
async function bothPublish(kids: readonly string[]): Promise<void> {
  const expected = kids.toSorted().join()
  for (let same = 0; same < 4; ) {
    same = (await published()).toSorted().join() === expected ? same + 1 : 0
    await new Promise((later) => setTimeout(later, look * 1000))
  }
}

const isSigning = (alg: string) => signingAlgorithms.some((each) => each === alg)

const audited = () =>
  platform.stores.mongodb
    .collection<{ what: string; detail: string }>('audit')
    .find({ what: /^key/ })
    .sort({ at: 1 })
    .toArray()

describe('the command beside a running platform', () => {
  beforeEach(async () => {
    platform = await testPlatform({ env: secrets, processes: 2, policy: frequentLook })
  })
  afterEach(() => platform.close())

  test('rotate publishes a new key in every process, which signs after the time of publication in advance', async () => {
    const before = linesIn(await done('list'))
    expect(before.map(({ alg, number, what }) => [alg, number, what])).toEqual(
      keyAlgorithms.map((alg) => [alg, 1, isSigning(alg) ? 'signs' : 'decrypts']),
    )
    await bothPublish(before.map(({ kid }) => kid))

    const startedAt = Date.now()
    const rotated = linesIn(await done('rotate', 'RS256'))
    expect(rotated.map(({ kid }) => kid)).toEqual(
      expect.arrayContaining(before.map(({ kid }) => kid)),
    )
    const [next, ...more] = rotated.filter(({ number }) => number === 2)
    expect(more).toEqual([])
    expect(next?.alg).toBe('RS256')
    const [, when = ''] = /^published, signs from (\S+)$/.exec(next?.what ?? '') ?? []
    expect(Date.parse(when)).toBeGreaterThanOrEqual(startedAt + limits.publishAhead * 1000)
    await bothPublish(rotated.map(({ kid }) => kid))

    const again = await run(['rotate', 'RS256'])
    expect(again).toEqual({
      status: 65,
      out: '',
      errors: 'RS256: a new key waits already; --now lets it sign at once\n',
    })
    expect((await audited()).map(({ what, detail }) => [what, detail])).toEqual([
      ['key-rotated', 'command'],
    ])
  })

  test('rotate --now replaces a compromised key at once, so that it can be withdrawn', async () => {
    const stolen = linesIn(await done('list')).find(({ alg }) => alg === 'ES256')?.kid ?? ''
    expect(await run(['withdraw', stolen])).toMatchObject({
      status: 65,
      errors: `key ${stolen}: is in use; rotate --now first, then withdraw it\n`,
    })
    const rotated = linesIn(await done('rotate', 'ES256', '--now'))
    const ofES256 = rotated.filter(({ alg }) => alg === 'ES256')
    expect(ofES256.map(({ number, what }) => [number, what.replace(/ \S+Z$/, '')])).toEqual([
      [2, 'signs'],
      [1, 'signed, published until'],
    ])
    expect(await done('withdraw', stolen)).toBe(`key ${stolen}: withdrawn\n`)
    await bothPublish(rotated.map(({ kid }) => kid).filter((kid) => kid !== stolen))
    expect((await audited()).map(({ what }) => what)).toEqual(['key-rotated', 'key-withdrawn'])
    expect(await run(['withdraw', stolen])).toMatchObject({
      status: 65,
      errors: `key ${stolen}: there is none\n`,
    })
  })

  test('a key id that begins with a hyphen is not read as an option', async () => {
    expect(await run(['withdraw', '-aB3'])).toMatchObject({
      status: 65,
      errors: 'key -aB3: there is none\n',
    })
  })

  test('rotate without an algorithm rotates all, and names those whose new key is already waiting', async () => {
    await done('rotate', 'EdDSA')
    const out = await done('rotate')
    expect(out).toContain('EdDSA: a new key waits already')
    const lines = linesIn(out.slice(out.indexOf('\n') + 1))
    for (const alg of keyAlgorithms)
      expect(lines.filter((line) => line.alg === alg).map(({ number }) => number)).toEqual([1, 2])
  })

  test('the command as a process has the same output', async () => {
    const asProcess = processOf('src/cli/keys', environment)
    for (const typed of [['list'], ['withdraw', 'none'], ['--help']])
      expect(await asProcess(typed)).toEqual(await run(typed))
  })

  test('rotate with other data keys than those of the platform creates nothing and exits with 78', async () => {
    const foreign = { DATA_KEYS: `1:${randomBytes(32).toString('base64')}` }
    const { status, errors } = await run(['rotate'], { ...environment(), ...foreign })
    expect(status).toBe(78)
    expect(errors).toMatch(
      /^DATA_KEYS: version 1 is not the key of that version in this MongoDB database/,
    )
  })
})

test.each([
  [[], 'a command is missing'],
  [['turn'], 'turn: no such command'],
  [['list', 'all'], 'all: too much'],
  [['list', '--now'], '--now belongs to rotate'],
  [
    ['rotate', 'HS256'],
    'HS256: must be one of RS256, PS256, ES256, EdDSA, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A192KW, ECDH-ES+A256KW',
  ],
  [['withdraw'], 'KID is missing'],
  [['withdraw', 'one', 'two'], 'two: too much'],
])('the arguments %j are answered with the usage and exit status 64', async (args, problem) => {
  const { status, out, errors } = await run(args, {})
  expect({ status, out }).toEqual({ status: 64, out: '' })
  expect(errors.split('\n')[0]).toBe(problem)
  expect(errors).toContain('npm run keys -- COMMAND')
})
