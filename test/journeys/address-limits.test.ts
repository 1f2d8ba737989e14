import { testClock } from '../support/clock.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { waitEndText } from '../support/displayed-times.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  bankFields,
  identityFields,
  loginFields,
  register,
  toBankStep,
  withCode,
} from '../support/registering.ts'

/** The platform runs behind one proxy and with small limits for addresses and the networks around them. */
let platform: TestPlatform
const { clock, turn } = testClock()
const share = <Rule extends { perAddress: object }>(usual: Rule): Rule => ({
  ...usual,
  perAddress: { ...usual.perAddress, count: 2, most: 4, times: { network: 2, site: 3 } },
})
beforeAll(async () => {
  platform = await testPlatform({
    clock,
    env: { TRUST_PROXY: '1' },
    policy: (usual) => ({
      ...usual,
      smsCode: share(usual.smsCode),
      bankCheck: share(usual.bankCheck),
      existence: share(usual.existence),
    }),
  })
})
afterAll(() => platform.close())

const needed = '为保护您的账户，请先输入图中的数字再继续'
/** Expects the message for an address that must wait. */
function expectWait(page: FilledPage, seconds = 3600) {
  const sentence = `您所在的网络操作次数过多，请在${waitEndText(clock(), seconds)}再试`
  expectRefusal(page, 'form', sentence, 429)
  expect(page.text).toContain('现在可以换一个网络再试')
}

/** A person whose proxy sends this `X-Forwarded-For`. */
const from = (forwarded: string) => personAtForms(cookieBrowser({ 'x-forwarded-for': forwarded }))

let hosts = 0
/** Returns an unused address in a network of its own (RFC 2544). */
const newAddress = () => {
  hosts += 1
  return `198.18.${hosts}.1`
}

/** Presses 发送短信验证 for a new phone. */
async function sendFrom(forwarded: string, to = platform) {
  const [at, person] = [from(forwarded), samplePerson()]
  return at.send(await toBankStep(to, at, person), bankFields(person), 'send')
}
const statusOf = ({ status, faults }: FilledPage) => (faults[0] === needed ? 'captcha' : status)

describe('an address that exceeds its share of SMS', () => {
  test('must solve a captcha for each further SMS, and finally wait', async () => {
    const address = newAddress()
    expect([statusOf(await sendFrom(address)), statusOf(await sendFrom(address))]).toEqual([
      200, 200,
    ])

    const [at, person] = [from(address), samplePerson()]
    const page = await toBankStep(platform, at, person)
    expect(page.has('captcha')).toBe(false)
    const asked = await at.send(page, bankFields(person), 'send')
    expectRefusal(asked, 'captcha', needed)
    expect(asked.has('captcha')).toBe(true)
    expect(asked.value('account')).toBe(person.account)
    expect(await platform.messages(person.phone)).toEqual([])

    const wrong = await at.send(asked, { captcha: 'ZZZZ' }, 'send')
    expectRefusal(wrong, 'captcha', '图中的数字不正确或已过期，请输入新的数字')
    const other = await at.send(wrong, {}, 'captcha')
    expect(other.value('phone')).toBe(person.phone)
    const sent = await at.send(other, { captcha: fixedAnswer }, 'send')
    expect(sent.text).toContain('短信已发送至')
    expect(sent.has('captcha')).toBe(false)

    turn(60)
    const again = await at.send(sent, {}, 'send')
    expectRefusal(again, 'captcha', needed)
    expect((await at.send(again, { captcha: fixedAnswer }, 'send')).faults).toEqual([])

    turn(60)
    const last = await at.send(await at.send(again, {}, 'send'), { captcha: fixedAnswer }, 'send')
    expectWait(last, 3600 - 120)
    expect(last.headers.get('retry-after')).toBe(String(3600 - 120))
    expect(await platform.messages(person.phone)).toHaveLength(2)
    turn(3600)
    expect(statusOf(await sendFrom(address))).toBe(200)
  })
})

describe('an address that exceeds its share of bank checks', () => {
  test('must solve a captcha for each further check, and its SMS code stays valid', async () => {
    const address = newAddress()
    const at = from(address)
    const person = samplePerson()
    const { page, fields } = await withCode(platform, at, person)
    const asked = async () => (await platform.simulator('GET', '/calls')).bank
    const before = await asked()
    const mismatch = '人员姓名或证件名或证件号与银行登记不匹配'
    for (let n = 0; n < 2; n += 1) expectRefusal(await at.send(page, fields), 'form', mismatch)
    for (let n = 0; n < 2; n += 1) {
      const owed = await at.send(page, fields)
      expectRefusal(owed, 'captcha', needed)
      expectRefusal(await at.send(owed, { ...fields, captcha: fixedAnswer }), 'form', mismatch)
    }
    expect(await asked()).toBe(before + 4)
    const owed = await at.send(page, fields)
    expectWait(await at.send(owed, { ...fields, captcha: fixedAnswer }))
    expect(await asked()).toBe(before + 4)
  })
})

describe('the existence of a username or an ID', () => {
  const known = samplePerson()
  beforeAll(async () => {
    await register(platform, from(newAddress()), known)
  })

  test('is disclosed to an address twice, then twice for a captcha each, then not at all', async () => {
    const address = newAddress()
    const at = from(address)
    const identity = await at.send(
      await at.open(`${platform.issuer}/register`),
      loginFields(samplePerson()),
    )
    const typed = identityFields(known)
    for (let n = 0; n < 2; n += 1)
      expectRefusal(await at.send(identity, typed), 'idNumber', '证件已被使用')
    for (let n = 0; n < 2; n += 1) {
      const owed = await at.send(identity, typed)
      expectRefusal(owed, 'captcha', needed)
      expect(owed.text).not.toContain('证件已被使用')
      const told = await at.send(owed, { ...typed, captcha: fixedAnswer })
      expectRefusal(told, 'idNumber', '证件已被使用')
    }
    // Another person at the same address needs a captcha too, and an unknown ID gets the same answer.
    const neighbour = from(address)
    const page = await neighbour.send(
      await neighbour.open(`${platform.issuer}/register`),
      loginFields(samplePerson()),
    )
    const owed = await neighbour.send(page, identityFields(samplePerson()))
    expectRefusal(owed, 'captcha', needed)
    const refused = await neighbour.send(owed, { ...typed, captcha: fixedAnswer })
    expectWait(refused)
    expect(refused.text).not.toContain('证件已被使用')
  })

  test('is disclosed 5 times in a flow from changing addresses, then for a captcha each', async () => {
    // Every request of this browser comes from another address.
    const headers = { 'x-forwarded-for': newAddress() }
    const at = personAtForms(cookieBrowser(headers))
    let page = await at.open(`${platform.issuer}/register`)
    const tell = async (more = {}) => {
      headers['x-forwarded-for'] = newAddress()
      page = await at.send(page, { ...loginFields(known), ...more })
      return page
    }
    for (let n = 0; n < 5; n += 1) {
      expectRefusal(await tell(), 'username', '用户名已被使用')
      expect(page.has('captcha')).toBe(false)
    }
    expectRefusal(await tell(), 'captcha', needed)
    expectRefusal(await tell(), 'username', '用户名已被使用')
    expectRefusal(await tell(), 'captcha', needed)
    const on = await tell({ username: samplePerson().username })
    expect(on.step).toContain('填写身份信息')
    // The next step of the same flow continues the count.
    expectRefusal(await at.send(on, identityFields(known)), 'captcha', needed)
  })
})

describe('the address of a request', () => {
  test('is the last one in X-Forwarded-For, since those before it can be forged', async () => {
    const address = newAddress()
    const statuses: unknown[] = []
    for (const forged of ['', '8.8.8.8, ', `${newAddress()}, `, 'unknown, '])
      statuses.push(statusOf(await sendFrom(`${forged}${address}`)))
    expect(statuses).toEqual([200, 200, 'captcha', 'captcha'])
    expect(statusOf(await sendFrom(`${address}, ${newAddress()}`))).toBe(200)
  })

  test('is the /64 prefix for IPv6', async () => {
    const statuses: unknown[] = []
    for (const host of ['::1', ':ffff::1', ':0:0:0:9', ':a:b:c:d'])
      statuses.push(statusOf(await sendFrom(`2001:db8:1:2${host}`)))
    expect(statuses).toEqual([200, 200, 'captcha', 'captcha'])
    expect(statusOf(await sendFrom('2001:db8:1:3::1'))).toBe(200)
  })

  test('counts for the networks around it: for IPv4 the /24, for IPv6 the /56 and the /48', async () => {
    const statusesFrom = async (addresses: readonly string[]) => {
      const statuses: unknown[] = []
      for (const address of addresses) statuses.push(statusOf(await sendFrom(address)))
      return statuses
    }
    const four = [200, 200, 200, 200]
    expect(await statusesFrom([1, 2, 3, 4, 5].map((host) => `203.0.113.${host}`))).toEqual([
      ...four,
      'captcha',
    ])
    expect(
      await statusesFrom([1, 2, 3, 4, 5].map((subnet) => `2001:db8:8:120${subnet}::1`)),
    ).toEqual([...four, 'captcha'])
    // Two more from other /56 networks of the same /48, and its share is used up as well.
    expect(
      await statusesFrom(['2001:db8:8:3400::1', '2001:db8:8:5600::1', '2001:db8:8:7800::1']),
    ).toEqual([200, 200, 'captcha'])
    expect(await statusesFrom(['203.0.114.1', '2001:db8:9::1'])).toEqual([200, 200])
  })

  test('is refused with 429 once its network has used up its highest count', async () => {
    const wait: unknown[] = []
    for (const host of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const at = from(`192.0.2.${host}`)
      const person = samplePerson()
      const page = await at.send(await toBankStep(platform, at, person), bankFields(person), 'send')
      const last = page.has('captcha')
        ? await at.send(page, { captcha: fixedAnswer }, 'send')
        : page
      wait.push(last.status)
      if (host === 9) expectWait(last)
    }
    expect(wait).toEqual([...Array(8).fill(200), 429])
  })

  test('is the same for an IPv4 address and its IPv6-mapped form', async () => {
    const address = newAddress()
    const statuses: unknown[] = []
    for (const written of [address, `::ffff:${address}`, `::FFFF:${address}`])
      statuses.push(statusOf(await sendFrom(written)))
    expect(statuses).toEqual([200, 200, 'captcha'])
  })
})

test('without TRUST_PROXY the X-Forwarded-For header is ignored', async () => {
  const direct = await testPlatform({
    clock,
    policy: (usual) => ({ ...usual, smsCode: share(usual.smsCode) }),
  })
  try {
    const statuses: unknown[] = []
    for (let n = 0; n < 3; n += 1) statuses.push(statusOf(await sendFrom(newAddress(), direct)))
    expect(statuses).toEqual([200, 200, 'captcha'])
  } finally {
    await direct.close()
  }
})
