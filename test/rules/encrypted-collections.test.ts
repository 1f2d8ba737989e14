import { encryptedCollections } from '../../src/adapters/mongo/data-keys/encrypted-collections.ts'
import { projectFile, projectFiles } from '../support/project-files.ts'

const renewed = encryptedCollections.map(({ name }) => name)

test('a rotation renews every collection in whose context an adapter of MongoDB encrypts', () => {
  const adapters = projectFiles('src/adapters', /\.ts$/).filter(
    ({ path }) => !/^src\/adapters\/(redis|captcha)\//.test(path),
  )
  const named = adapters.flatMap(({ text }) =>
    [...text.matchAll(/collection: '([\w.]+)',\s*(?:record|field)/g)].map(([, name = '']) => name),
  )
  expect(new Set(named).size).toBeGreaterThan(5)
  expect([...new Set(named)].filter((name) => !renewed.includes(name))).toEqual([])
})

test('a rotation renews every durable model of the provider', () => {
  const { text } = projectFile('src/compose/oidc-model-stores.ts')
  const [, list = ''] = /durableModels = new Set\(\[([^\]]+)\]/.exec(text) ?? []
  const models = [...list.matchAll(/'(\w+)'/g)].map(([, model]) => `oidc.${model}`)
  expect(models.length).toBeGreaterThan(3)
  expect(models.filter((name) => !renewed.includes(name))).toEqual([])
})

test('the fields that a rotation indexes are those that the adapters look up', () => {
  const adapters = projectFiles('src/adapters', /\.ts$/).map(({ text }) => text)
  const domains = adapters.flatMap((text) =>
    [...text.matchAll(/lookupIndexes\(\s*'(\w+)\.\w+'/g)].map(([, name = '']) => name),
  )
  const withLookups = encryptedCollections.filter(({ lookups }) => lookups.length)
  const known = withLookups.map(({ name }) => name).filter((name) => !name.startsWith('oidc.'))
  // Unproved accounts have the indexes of accounts.
  expect([...new Set(domains), 'unproved_accounts'].sort()).toEqual(known.sort())
})
