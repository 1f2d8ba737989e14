import { until } from '../../sandbox/ports.mjs'
import { documentTyped, type SamplePerson } from './people.ts'
import { type FilledPage, personAtForms } from './person-at-forms.ts'
import { fixedAnswer, type TestPlatform } from './platform.ts'
import type { SampleUnit } from './units.ts'

type AtForms = ReturnType<typeof personAtForms>
type Recovering = Pick<TestPlatform, 'issuer' | 'codeFor' | 'messages'>

/** The fields of 找回用户名, 验证身份, for a person. */
export const personFields = (person: SamplePerson) => ({
  name: person.name,
  userType: 'individual',
  ...documentTyped(person),
  captcha: fixedAnswer,
})

/** The fields of 找回用户名, 验证身份, for a unit. */
export const unitFields = ({ unitName, code }: SampleUnit) => ({
  name: unitName,
  userType: 'organisation',
  idType: 'uscc',
  idNumber: code,
  captcha: fixedAnswer,
})

/** The fields of 找回密码, 验证身份, by 证件号码+手机验证码. */
export const phoneProof = (person: SamplePerson) => ({
  ...documentTyped(person),
  phone: person.phone,
})

/** The fields of 更换手机号, 填写信息, with the phone that the bank has stored now. */
export const changeFields = (person: SamplePerson) => {
  const { name, bank, account, phone } = person
  return { name, ...documentTyped(person), bank, bankConsent: 'yes', account, phone }
}

/** Goes through 找回用户名 up to 验证手机校验码. */
export async function toCodeStep(
  { issuer }: Pick<Recovering, 'issuer'>,
  at: AtForms,
  identity: Readonly<Record<string, string>>,
  start = `${issuer}/recover/username`,
): Promise<FilledPage> {
  return at.send(await at.open(start), identity)
}

/** Goes through 找回密码 up to 选择找回方式. */
export async function toMethodStep(
  { issuer }: Pick<Recovering, 'issuer'>,
  at: AtForms,
  username: string,
  start = `${issuer}/recover/password`,
): Promise<FilledPage> {
  return at.send(await at.open(start), { username, captcha: fixedAnswer })
}

/** Goes through 找回密码 up to 验证身份 and requests an SMS code. `fields` is the complete valid input. */
export async function withPhoneCode(
  platform: Recovering,
  at: AtForms,
  person: SamplePerson,
  start?: string,
) {
  const method = await toMethodStep(platform, at, person.username, start)
  const page = await at.send(await at.send(method, {}), phoneProof(person), 'send')
  const smsCode = await platform.codeFor(person.phone)
  return { page, fields: { ...phoneProof(person), smsCode } }
}

/** Goes through 找回密码 up to 重置密码. */
export async function toResetStep(
  platform: Recovering,
  at: AtForms,
  person: SamplePerson,
  start?: string,
): Promise<FilledPage> {
  const { page, fields } = await withPhoneCode(platform, at, person, start)
  return at.send(page, fields)
}

export const newPassword = (password: string) => ({ password, passwordAgain: password })

/** Requests a code to the new phone on 更换手机号, 填写信息. `fields` is the complete valid input. */
export async function askForChangeCode(
  platform: Recovering,
  at: AtForms,
  details: FilledPage,
  person: SamplePerson,
) {
  const page = await at.send(details, changeFields(person), 'send')
  const smsCode = await platform.codeFor(person.phone)
  return { page, fields: { ...changeFields(person), smsCode } }
}

/** Presses 手机号已停用？ on the page `offers`, then requests a code to the new phone. */
export const withChangeCode = async (
  platform: Recovering,
  at: AtForms,
  offers: FilledPage,
  person: SamplePerson,
) => askForChangeCode(platform, at, await at.send(offers, {}, 'otherPhone'), person)

/** Waits for so many messages, since they are sent after the response. Returns them, newest first. */
export async function messagesOf(
  { messages }: Pick<Recovering, 'messages'>,
  { phone }: SamplePerson,
  count: number,
) {
  await until(async () => (await messages(phone)).length >= count, {
    seconds: 60,
    what: `${count} messages`,
  })
  const all = await messages(phone)
  expect(all).toHaveLength(count)
  return all
}

/** The person whose phone gets the code, their browser, and the identity that they type. */
export type Who = [person: SamplePerson, at?: AtForms, identity?: Readonly<Record<string, string>>]

/** Goes to 验证手机校验码 and presses 发送短信验证. Returns the page and the code. */
export async function waitingForUsername(
  platform: Recovering,
  ...[person, at = personAtForms(), identity = personFields(person)]: Who
) {
  const page = await at.send(await toCodeStep(platform, at, identity), {}, 'send')
  expect(page.faults).toEqual([])
  const [message] = await messagesOf(platform, person, 1)
  return { at, page, code: String(message.params.code) }
}
