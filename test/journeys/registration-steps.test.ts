import { addressOf, expectOnlyReachedSteps, stepOf } from '../support/open-steps.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  bankFields,
  identityFields,
  loginFields,
  register,
  toBankStep,
  withCode,
} from '../support/registering.ts'
import { callsOf } from '../support/settled.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

type AtForms = ReturnType<typeof personAtForms>

const steps = ['login', 'identity', 'bank', 'done'] as const
type StepName = (typeof steps)[number]

const begin = (at: AtForms) => at.open(`${platform.issuer}/register`)

/** Goes through registration up to this step. */
async function reach(at: AtForms, step: StepName, person = samplePerson(), from?: FilledPage) {
  const start = from ?? (await begin(at))
  if (step === 'done') return register(platform, at, person, start.url.href)
  if (step === 'bank') return toBankStep(platform, at, person, start.url.href)
  return step === 'login' ? start : at.send(start, loginFields(person))
}

describe('steps of registration', () => {
  test.each(steps)('after %s only, no later step opens', async (reached) => {
    const at = personAtForms()
    const person = samplePerson()
    const start = await begin(at)
    const page = await reach(at, reached, person, start)
    const calls = await callsOf(platform)
    // The input is valid for every step and has the token of this flow.
    const forms = { ...loginFields(person), ...identityFields(person), ...bankFields(person) }
    const all = { ...forms, smsCode: '123456', token: String(start.typed['token']) }
    await expectOnlyReachedSteps(at, page, steps, all)
    expect(await callsOf(platform)).toEqual(calls)
  })

  test('an unknown button is refused with 400, and the flow can continue', async () => {
    const at = personAtForms()
    const page = await begin(at)
    for (const action of ['send', 'constructor', '']) {
      const odd = await at.send(page, loginFields(samplePerson()), action)
      expect([action, odd.status, odd.heading]).toEqual([action, 400, '无法读取提交的内容'])
    }
    expect(stepOf(await at.send(page, loginFields(samplePerson())))).toBe('identity')
  })
})

describe('上一步', () => {
  test('goes back without validation and keeps the input of both steps', async () => {
    const at = personAtForms()
    const person = samplePerson()
    const identity = await reach(at, 'identity', person)
    const half = {
      ...{ name: '林', idType: 'passport', idCountry: 'FRA', idNumber: 'E12' },
      ...{ gender: '', birthdate: '' },
    }
    const back = await at.send(identity, half, 'back')
    expect([stepOf(back), back.status, back.faults]).toEqual(['login', 200, []])
    expect(back.value('username')).toBe(person.username)
    expect(back.value('password')).toBe('')
    expect(back.text).toContain('密码已设置。不修改请留空。')
    const again = await at.send(back, {})
    expect(stepOf(again)).toBe('identity')
    for (const field of ['name', 'idType', 'idCountry', 'idNumber'])
      expect(again.value(field)).toBe(half[field as keyof typeof half])
  })

  test('is missing on the first and the last page', async () => {
    const at = personAtForms()
    expect((await reach(at, 'login')).buttons).not.toContain('上一步')
    expect((await reach(at, 'identity')).buttons).toContain('上一步')
    expect((await reach(at, 'done')).buttons).not.toContain('上一步')
  })

  test('keeps bank, account, phone and the sent code of the last step', async () => {
    const at = personAtForms()
    const person = samplePerson()
    await platform.issueCard(person)
    const { page, fields } = await withCode(platform, at, person)
    const identity = await at.send(page, fields, 'back')
    expect(identity.value('idNumber')).toBe(person.idNumber)
    const bank = await at.send(identity, {})
    for (const field of ['bank', 'account', 'phone'] as const)
      expect(bank.value(field)).toBe(person[field])
    expect(bank.value('smsCode')).toBe('')
    const { smsCode } = fields
    expect((await at.send(bank, { smsCode })).heading).toBe('注册成功')
  })
})

describe('an earlier answer', () => {
  test('is replaced when it is changed', async () => {
    const at = personAtForms()
    const [first, changed] = [samplePerson(), samplePerson({ name: '欧阳·小满' })]
    await platform.issueCard(changed)
    const bank = await toBankStep(platform, at, first)
    const identity = await at.open(addressOf(bank, 'identity'))
    const login = await at.send(identity, identityFields(changed), 'back')
    expect(login.has('captcha')).toBe(false)
    const { username, password } = changed
    const on = await at.send(login, { username, password, passwordAgain: password })
    // 填写身份信息 is complete with the changed input, so the flow skips it.
    expect(stepOf(on)).toBe('bank')
    const kept = await at.open(addressOf(bank, 'identity'))
    expect(kept.value('name')).toBe(changed.name)
    await at.send(kept, {})
    const sent = await at.send(bank, bankFields(changed), 'send')
    const done = await at.send(sent, { smsCode: await platform.codeFor(changed.phone) })
    expect(done.text).toContain(changed.username)
  })

  test('is incomplete when the username changes without a password', async () => {
    const at = personAtForms()
    const person = samplePerson()
    const identity = await reach(at, 'identity', person)
    const login = await at.send(identity, {}, 'back')
    const { username } = samplePerson()
    const renamed = await at.send(login, { username })
    expect([renamed.status, renamed.faults]).toEqual([422, ['请输入密码', '请再次输入密码']])
    expect(stepOf(await at.send(renamed, { username: person.username }))).toBe('identity')
  })
})

describe('reload and back', () => {
  test('a reloaded page shows the input again without any call', async () => {
    const at = personAtForms()
    const { page } = await withCode(platform, at, samplePerson())
    const calls = await callsOf(platform)
    const [once, twice] = [await at.open(page.url.href), await at.open(page.url.href)]
    expect(once.html).toBe(twice.html)
    expect(once.value('account')).toBe(page.value('account'))
    expect(await callsOf(platform)).toEqual(calls)
  })

  test('a form that is sent twice is processed once', async () => {
    const at = personAtForms()
    const person = samplePerson()
    const login = await begin(at)
    const identity = await at.send(login, loginFields(person))
    expect(stepOf(await at.send(login, loginFields(person)))).toBe('identity')
    const bank = await at.send(identity, identityFields(person))
    expect(stepOf(await at.send(identity, identityFields(person)))).toBe('bank')
    await platform.issueCard(person)
    const sent = await at.send(bank, bankFields(person), 'send')
    const smsCode = await platform.codeFor(person.phone)
    const twice = await Promise.all([at.send(sent, { smsCode }), at.send(sent, { smsCode })])
    for (const done of twice) expect(done.heading).toBe('注册成功')
    expect((await at.send(sent, { smsCode })).heading).toBe('注册成功')
  })
})

test('two tabs have separate flows', async () => {
  const at = personAtForms()
  const people = [samplePerson(), samplePerson({ name: '阿依古丽' })] as const
  const first = await begin(at)
  const second = await begin(at)
  const [one, two] = [
    await at.send(first, loginFields(people[0])),
    await at.send(second, loginFields(people[1])),
  ]
  const banks = [
    await at.send(one, identityFields(people[0])),
    await at.send(two, identityFields(people[1])),
  ] as const
  for (const [tab, person] of [
    [1, people[1]],
    [0, people[0]],
  ] as const) {
    await platform.issueCard(person)
    const sent = await at.send(banks[tab], bankFields(person), 'send')
    const done = await at.send(sent, { smsCode: await platform.codeFor(person.phone) })
    expect(done.text).toContain(`“${person.username}”`)
  }
})
