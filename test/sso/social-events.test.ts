import { setTimeout as sleep } from 'node:timers/promises'
import { signedInAt } from '../support/account-pages.ts'
import { enrolled } from '../support/enrolled.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { newPassword } from '../support/recovering.ts'
import { signInFields } from '../support/registering.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

test('社保服务 shows the events that it has heard, and ends its own sessions', async () => {
  const { social } = platform
  const heard = () => personAtForms().open(`${social.url}/heard`)
  expect((await heard()).text).toContain('还没有收到事件')
  const person = await enrolled(platform)
  const at = personAtForms()
  await at.send(await at.open(`${social.url}/login`), signInFields(person))
  expect((await at.open(social.url)).heading).toBe('您已登录')
  expect((await at.open(social.url)).link('收到的事件')).toBe('/heard')

  const { at: account, page } = await signedInAt(platform, person, '/account/password')
  const fields = { presentPassword: person.password, ...newPassword('another staple 4711') }
  await account.send(page, fields)
  let shown = await heard()
  while (!shown.text.includes('登录已结束')) {
    await sleep(50)
    shown = await heard()
  }
  expect(shown.heading).toBe('收到的事件')
  expect(shown.text).toContain('登录凭据已更换：密码')
  expect(shown.html).not.toContain(person.name)
  expect((await at.open(social.url)).heading).not.toBe('您已登录')
  const english = personAtForms()
  await english.open(`${social.url}/?lang=en`)
  expect((await english.open(`${social.url}/heard`)).text).toContain('A session has ended')
})

test('社保服务 refuses events that are not from the platform', async () => {
  const { social } = platform
  for (const headers of [{}, { Authorization: 'Bearer of-nobody' }]) {
    const init = { method: 'POST', headers, body: 'a token' }
    const response = await fetch(`${social.url}/events`, init)
    expect([response.status, await response.json()]).toEqual([
      400,
      { err: 'authentication_failed' },
    ])
  }
})
