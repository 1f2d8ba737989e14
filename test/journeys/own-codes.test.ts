import { detailsWithCode, signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { enrolled } from '../support/enrolled.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import type { FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  messagesOf,
  personFields,
  phoneProof,
  toCodeStep,
  toMethodStep,
} from '../support/recovering.ts'
import { bankFields, toBankStep } from '../support/registering.ts'
import { ownNetwork, stranger } from '../support/strangers.ts'

/** Codes beside those of the phone, for whoever has proved something first (specification, section 5). */
let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock, env: { TRUST_PROXY: '1' } })
})
afterAll(() => platform.close())

const sentTo = async ({ phone }: SamplePerson): Promise<number> => {
  await platform.settled()
  return (await platform.messages(phone)).length
}

/** Strangers use up the codes of the phone, each from a network of their own. */
async function useUpCodes(phone: string) {
  for (let sent = 0; sent < 10; sent += 1) {
    turn(60)
    const at = stranger()
    const method = await toMethodStep(platform, at, 'whoever')
    const page = await at.send(await at.send(method, {}), { phone }, 'send')
    expect(page.faults).toEqual([])
  }
}

/** A person at 验证身份 of 找回密码, who presses 发送短信验证 after typing this. */
async function recovering(
  { username }: SamplePerson,
  at: ReturnType<typeof personAtForms> = stranger(),
) {
  const page = await at.send(await toMethodStep(platform, at, username), {})
  return { at, press: (typed: Readonly<Record<string, string>>) => at.send(page, typed, 'send') }
}

/** A page without what differs from visit to visit. */
const neutral = ({ status, text }: FilledPage) => ({
  status,
  text: text.replace(/\d{2}:\d{2}/g, 'TIME'),
})

describe('a phone that got ten codes today', () => {
  test('gets one more an hour, for a captcha', async () => {
    const person = samplePerson()
    await useUpCodes(person.phone)
    const press = async (typed: Readonly<Record<string, string>>, at = stranger()) => {
      const page = await toBankStep(platform, at, samplePerson())
      const owes = await at.send(page, { ...bankFields(person) }, 'send')
      return typed['captcha'] ? at.send(owes, typed, 'send') : owes
    }
    turn(60)
    const owes = await press({})
    expectRefusal(owes, 'captcha', chinese('captcha.hardest'))
    expect(owes.summary).toContain(chinese('smsCode.hourly'))
    expect(await sentTo(person)).toBe(10)

    const captcha = { captcha: fixedAnswer, captcha2: fixedAnswer }
    const together = await Promise.all(Array.from({ length: 5 }, () => press(captcha)))
    expect(together.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await sentTo(person)).toBe(11)
    turn(600)
    const early = await press({})
    expect([early.status, early.headers.get('retry-after')]).toEqual([429, '3000'])
    expect(early.faults[0]).toContain('现在每小时只能再发送一条')
    turn(3000)
    expect((await press(captcha)).faults).toEqual([])
    expect(await sentTo(person)).toBe(12)
  })

  test('gets exactly ten when the last one is requested by ten browsers at once', async () => {
    const person = samplePerson()
    for (let sent = 0; sent < 9; sent += 1) {
      turn(60)
      await (await recovering(samplePerson())).press({ phone: person.phone })
    }
    turn(60)
    const presses = await Promise.all(
      Array.from({ length: 10 }, async () => (await recovering(samplePerson())).press),
    )
    await Promise.all(presses.map((press) => press({ phone: person.phone })))
    expect(await sentTo(person)).toBe(10)
  })
})

describe('an owner whose phone strangers have flooded', () => {
  test('gets a code for the username and the ID number, and nobody learns from the page who that is', async () => {
    const owner = await enrolled(platform)
    await useUpCodes(owner.phone)
    const { at, press } = await recovering(owner)
    const typed = phoneProof(owner)
    const page = await press(typed)
    expect(page.faults).toEqual([])
    expect(page.text).toContain(
      '信息与注册信息一致的，短信已发送至注册时填写的手机号码，5 分钟内有效。',
    )
    expect(await sentTo(owner)).toBe(11)

    const wrongId = { ...typed, idNumber: samplePerson().idNumber }
    const other = samplePerson()
    for (const [who, what] of [
      [owner, wrongId],
      [other, typed],
    ] as const) {
      const same = await (await recovering(who)).press(what)
      expect(neutral(same)).toEqual(neutral(page))
    }
    expect(await sentTo(owner)).toBe(11)
    const smsCode = await platform.codeFor(owner.phone)
    expect((await at.send(page, { ...typed, smsCode })).step).toContain('重置密码')
  })

  test('learns before the ID number is typed that it helps', async () => {
    const owner = await enrolled(platform)
    await useUpCodes(owner.phone)
    // The one of this hour is used as well.
    turn(60)
    const hourly = await recovering(owner)
    await hourly.press({ phone: owner.phone })
    expect(
      (await hourly.press({ phone: owner.phone, captcha: fixedAnswer, captcha2: fixedAnswer }))
        .faults,
    ).toEqual([])
    turn(120)
    const { press } = await recovering(owner)
    const refused = await press({ phone: owner.phone })
    expect(refused.status).toBe(429)
    expect(refused.summary).toContain(chinese('passwordRecovery.documentFirst'))
    expect((await press(phoneProof(owner))).faults).toEqual([])
    expect(await sentTo(owner)).toBe(12)
  })

  test('gets five from each network, and above twenty in all one for a captcha each', async () => {
    const owner = await enrolled(platform)
    await useUpCodes(owner.phone)
    for (let network = 0; network < 4; network += 1) {
      const address = ownNetwork()
      for (let sent = 0; sent < 5; sent += 1) {
        turn(60)
        const { press } = await recovering(owner, stranger(address))
        expect((await press(phoneProof(owner))).faults).toEqual([])
      }
      turn(60)
      const sixth = await (await recovering(owner, stranger(address))).press(phoneProof(owner))
      expect(sixth.faults[0]).toMatch(/图中的数字/)
    }
    expect(await sentTo(owner)).toBe(30)
    const { press } = await recovering(owner)
    expectRefusal(await press(phoneProof(owner)), 'captcha', chinese('captcha.hardest'))
    const sent = await press({ ...phoneProof(owner), captcha: fixedAnswer, captcha2: fixedAnswer })
    expect(sent.text).toContain('信息与注册信息一致的，短信已发送')
    expect(await sentTo(owner)).toBe(31)
  })

  test('gets five on a remembered device without the ID number, and so in its 找回用户名', async () => {
    const owner = await enrolled(platform)
    const address = ownNetwork()
    const device = stranger(address)
    expect((await signedInAt(platform, owner, '/account', device)).page.heading).toBe('用户信息')
    await useUpCodes(owner.phone)
    const { press } = await recovering(owner, device)
    const page = await press({ phone: owner.phone })
    expect(page.text).toContain('信息与注册信息一致的，短信已发送')
    expect(await sentTo(owner)).toBe(11)

    // Another person in the same network has used up what the name and the ID number give there.
    for (let sent = 0; sent < 6; sent += 1) {
      turn(60)
      const at = stranger(address)
      await at.send(await toCodeStep(platform, at, personFields(owner)), {}, 'send')
    }
    expect(await sentTo(owner)).toBe(16)
    const asked = await device.send(
      await toCodeStep(platform, device, personFields(owner)),
      {},
      'send',
    )
    expect(asked.faults).toEqual([])
    await messagesOf(platform, owner, 17)
  })

  test('gets five with a sign-in, to the registered phone and to a new one', async () => {
    const owner = await enrolled(platform)
    const at = stranger()
    await signedInAt(platform, owner, '/account', at)
    await useUpCodes(owner.phone)
    const same = await detailsWithCode(platform, at, owner)
    expect(same.page.text).toContain('短信已发送至')
    const moved = { ...owner, phone: samplePerson().phone }
    await useUpCodes(moved.phone)
    await platform.issueCard(moved)
    turn(60)
    const { save } = await detailsWithCode(platform, at, moved)
    expect((await save()).heading).toBe('用户信息已保存')
  })

  test('waits a minute between two of their own codes', async () => {
    const owner = await enrolled(platform)
    await useUpCodes(owner.phone)
    const { press } = await recovering(owner)
    expect((await press(phoneProof(owner))).faults).toEqual([])
    turn(18)
    expectRefusal(await press(phoneProof(owner)), 'form', '操作过于频繁，请在 42 秒后再试', 429)
  })
})
