import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import type { FilledPage } from '../support/person-at-forms.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer } from '../support/platform.ts'
import { personFields } from '../support/recovering.ts'
import { loginFields, signInFields } from '../support/registering.ts'
import { relyingParty, type SsoPlatform, ssoPlatform } from './platform.ts'

/** Every captcha is of the hardest level, and every page that can have one has one. */
let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform((usual) => {
    const wrong = { ...usual.captcha.levels.wrong, address: [0, 0, 0] }
    const perAddress = { ...usual.userCode.perAddress, count: 0 }
    return {
      ...usual,
      captcha: { ...usual.captcha, levels: { ...usual.captcha.levels, wrong } },
      userCode: { perAddress },
    }
  })
})
afterAll(() => platform.close())

let at: ReturnType<typeof personAtForms>
beforeEach(() => {
  at = personAtForms()
})
const person = samplePerson()
const request = async () => (await (await relyingParty(platform.issuer)).ask()).url
const login = async () => at.open(await request())
const open = (path: string) => () => at.open(platform.issuer + path)
const captcha = { captcha: fixedAnswer }

const pages: readonly [string, () => Promise<FilledPage>, Readonly<Record<string, string>>][] = [
  ['/register', open('/register'), loginFields(person)],
  ['/recover/username', open('/recover/username'), personFields(person)],
  ['/recover/password', open('/recover/password'), { username: person.username, ...captcha }],
  ['登录', login, signInFields(person)],
  [
    '用密码和短信验证码登录',
    async () => at.send(await login(), { username: person.username }, 'byCode'),
    signInFields(person),
  ],
  ['/device', open('/device'), { user_code: 'BBBBBBBB', ...captcha }],
]

test.each(pages)(
  '%s asks again for a second picture that was left empty',
  async (_, first, typed) => {
    let page = await first()
    expect(page.has('captcha2')).toBe(true)
    const picture = page.html.match(/\/captcha\/second\/[\w-]+\.png/)?.[0]
    for (const captcha2 of ['', ' 　']) {
      page = await at.send(page, { ...typed, captcha2 })
      expectRefusal(page, 'captcha2', chinese('captcha.requiredSecond'))
      expect(page.faults).toHaveLength(1)
      expect(page.html).toContain(picture)
    }
    const wrong = await at.send(page, { ...typed, captcha2: '222222' })
    expectRefusal(wrong, 'captcha', chinese('captcha.wrong'))
    const on = await at.send(wrong, { ...typed, captcha2: fixedAnswer })
    for (const field of ['captcha', 'captcha2']) expect(on.faultAt(field)).toBe('')
  },
)
