import { until } from '../../sandbox/ports.mjs'
import type { SamplePerson } from './people.ts'
import { type FilledPage, personAtForms } from './person-at-forms.ts'
import { fixedAnswer, type TestPlatform } from './platform.ts'
import type { SampleUnit } from './units.ts'

type AtForms = ReturnType<typeof personAtForms>
type Recovering = Pick<TestPlatform, 'issuer' | 'codeFor' | 'messages'>

/** 找回用户名, 验证身份: of a person. */
export const personFields = ({ name, idType, idNumber }: SamplePerson) => ({
  name,
  userType: 'individual',
  idType,
  idNumber,
  captcha: fixedAnswer,
})

/** The same of a unit. */
export const unitFields = ({ unitName, code }: SampleUnit) => ({
  name: unitName,
  userType: 'organisation',
  idType: 'uscc',
  idNumber: code,
  captcha: fixedAnswer,
})

/** 找回密码, 验证身份 by 证件号码+手机验证码. */
export const phoneProof = ({ idType, idNumber, phone }: SamplePerson) => ({
  idType,
  idNumber,
  phone,
})

/** 更换手机号, 填写信息: with the phone that the bank has by now. */
export const changeFields = (person: SamplePerson) => {
  const { name, idType, idNumber, bank, account, phone } = person
  return { name, idType, idNumber, bank, bankConsent: 'yes', account, phone }
}

/** 找回用户名 up to 验证手机校验码. */
export async function toCodeStep(
  { issuer }: Pick<Recovering, 'issuer'>,
  at: AtForms,
  identity: Readonly<Record<string, string>>,
  start = `${issuer}/recover/username`,
): Promise<FilledPage> {
  return at.send(await at.open(start), identity)
}

/** 找回密码 up to 选择找回方式. */
export async function toMethodStep(
  { issuer }: Pick<Recovering, 'issuer'>,
  at: AtForms,
  username: string,
  start = `${issuer}/recover/password`,
): Promise<FilledPage> {
  return at.send(await at.open(start), { username, captcha: fixedAnswer })
}

/** 找回密码 up to 验证身份 by phone, with a code on the typed phone; `fields` are all that the page asks for. */
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

/** 找回密码 up to 重置密码. */
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

/** 填写信息 of 更换手机号, with a code on the new phone; `fields` are all that the page asks for. */
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

/** The same from the page that offers 手机号已停用？. */
export const withChangeCode = async (
  platform: Recovering,
  at: AtForms,
  offers: FilledPage,
  person: SamplePerson,
) => askForChangeCode(platform, at, await at.send(offers, {}, 'otherPhone'), person)

/** So many messages, newest first; they go out after the answer. */
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

/** Whose phone gets the code, at which browser, and what they type of themself. */
export type Who = [person: SamplePerson, at?: AtForms, identity?: Readonly<Record<string, string>>]

/** Somebody at 验证手机校验码 who has pressed 发送短信验证, and the code that their phone got. */
export async function waitingForUsername(
  platform: Recovering,
  ...[person, at = personAtForms(), identity = personFields(person)]: Who
) {
  const page = await at.send(await toCodeStep(platform, at, identity), {}, 'send')
  expect(page.faults).toEqual([])
  const [message] = await messagesOf(platform, person, 1)
  return { at, page, code: String(message.params.code) }
}
