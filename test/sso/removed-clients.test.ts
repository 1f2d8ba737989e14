import { personAtForms } from '../support/person-at-forms.ts'
import {
  type ClientId,
  clients,
  credentials,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
} from './platform.ts'

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
  await platform.register()
})
afterAll(() => platform.close())

test('the account pages show the name of a removed client but never its id', async () => {
  const at = personAtForms()
  // One of the three clients that are removed later has no name.
  for (const id of ['narrow', 'shop', 'benefits'] satisfies ClientId[]) {
    const { ask } = await relyingParty(platform.issuer, id)
    const { url, tokens } = await ask({ scope: 'openid profile' })
    await tokens(await signIn(at.browser, url, credentials))
  }
  await platform.restartWith([clients.exam])

  const permissions = await at.open(`${platform.issuer}/account/permissions`)
  const [main = ''] = permissions.html.split('</main>')
  const listed = [...main.matchAll(/<h2[^>]*>([^<]+)</g)].map(([, name]) => name)
  expect(listed.toSorted()).toEqual(['已停用的业务系统', '社保服务', '社区商店'].toSorted())
  const signIns = await at.open(`${platform.issuer}/account/sign-ins`)
  expect(signIns.text).toContain('社区商店、社保服务')
  const records = await at.open(`${platform.issuer}/account/records`)
  for (const name of ['已停用的业务系统', '社区商店']) expect(records.text).toContain(name)
  for (const { text } of [permissions, signIns, records])
    expect(text).not.toMatch(/shop|benefits|narrow/)
})
