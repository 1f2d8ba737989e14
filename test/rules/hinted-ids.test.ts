import { randomBytes } from 'node:crypto'
import { hintedIds, modelOf } from '../../src/adapters/redis/oidc/hinted-ids.ts'
import { testEncryption } from '../support/test-encryption.ts'

const random = () => randomBytes(32).toString('base64url')
const { make, hintOf } = hintedIds(testEncryption())

test('an id tells its model, and to its maker the account and the session', () => {
  const [owner, session] = [random(), random()]
  const id = make('AccessToken', random(), { owner, session })
  expect(modelOf(id)).toBe('AccessToken')
  expect(hintOf(id)).toEqual({ owner, session })
  expect(hintedIds(testEncryption()).hintOf(id)).not.toEqual({ owner, session })
})

test('a part that is not known is no hint', () => {
  const owner = random()
  expect(hintOf(make('Session', random(), { owner }))).toEqual({ owner })
  expect(hintOf(make('ClientCredentials', random(), {}))).toEqual({})
})

test('two ids of one account and session have nothing in common', () => {
  const hint = { owner: random(), session: random() }
  const [one = '', other = ''] = [1, 2].map(() => make('AccessToken', random(), hint).slice(3))
  for (let at = 0; at + 6 <= one.length; at += 1) expect(other).not.toContain(one.slice(at, at + 6))
})

test('an id of an earlier version tells nothing, even one that begins like those of now', () => {
  for (const id of [
    random(),
    `at_${random()}`.slice(0, 43),
    '',
    'at_',
    `at_${random()}${random()}`,
  ]) {
    expect(hintOf(id)).toEqual({})
  }
  expect(modelOf(`at_${random()}`.slice(0, 43))).toBeUndefined()
})
