import { clientMetadataSchema } from '../../config/client-metadata.ts'
import { say } from '../../config/messages.ts'
import { clientFieldLabel, clientFormFields } from '../../src/operators/clients/client-form.ts'
import { metadataInForm, typedMetadata } from '../../src/operators/clients/typed-metadata.ts'

/** The id and the secret have fields of their own or none; the others have no effect. */
const notInForm = ['client_id', 'client_secret', 'software_id', 'software_version']

test('the form of 业务系统 has a field with the name of RFC 7591 for all metadata', () => {
  const names = clientFormFields.map(({ name }) => name)
  const expected = Object.keys(clientMetadataSchema.shape).filter(
    (name) => !notInForm.includes(name),
  )
  expect(names.toSorted()).toEqual(expected.toSorted())
  for (const name of names) expect(say('zh-CN', clientFieldLabel(name))).toContain(`（${name}）`)
})

test('the form returns the metadata that it shows, and removes what is emptied', () => {
  const metadata = {
    client_name: '图书馆',
    redirect_uris: ['https://a.test/cb', 'https://b.test/cb'],
    scope: 'openid profile',
    require_pkce: false,
    default_max_age: 300,
    jwks: { keys: [{ kty: 'EC', crv: 'P-256' }] },
  }
  const read = typedMetadata({ ...metadataInForm(metadata), client_name: ' ' })
  const given = Object.entries(read).filter(([, value]) => value !== null)
  expect(Object.fromEntries(given)).toEqual({ ...metadata, client_name: undefined })
  expect(read['client_name']).toBeNull()
})
