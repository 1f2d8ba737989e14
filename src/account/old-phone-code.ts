import * as z from 'zod'
import type { Account } from '../people/account.ts'
import { canBeNamed } from '../people/account.ts'
import { crossFieldRule } from '../people/fields/field.ts'
import { compact } from '../people/fields/typed-text.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import { checkSmsCode, type SmsProofPorts, smsCode } from '../proofs/sms-code.ts'
import type { Typed, Visit } from '../web/flow/flow-definition.ts'
import { sendCodeTo, smsCodeBindingOf } from '../web/steps/card-step.ts'

const purpose = 'account-name'
const field = 'oldPhoneCode'

/** The second code field of 用户信息, to be spread into its form. */
export const oldPhoneFields = { [field]: z.string().optional() }

type NewDetails = {
  name: string
  phone: string
  /** 核验码: operators have seen the document, so that the old phone does not have to confirm the name. */
  counterCode?: string
  [field]?: string | undefined
}

/**
 * Whether these details need a code to the registered phone as well: a new name for a document that is no nation-wide
 * identifier could be another person's who has the same number (decision 0211). If the phone stays, its code is typed
 * already.
 */
const needsOldPhone = (
  { name, phone, counterCode }: Pick<NewDetails, 'name' | 'phone' | 'counterCode'>,
  account: Account,
): boolean => counterCode === undefined && !canBeNamed(account, name) && phone !== account.phone

/** Whether the page shows the field: the typed name is a new one, and another phone is typed than the registered one. */
export const asksOldPhone = ({ name = '', phone = '', proof }: Typed, account: Account): boolean =>
  proof !== 'counter' &&
  name.trim() !== '' &&
  !canBeNamed(account, name) &&
  compact(phone) !== '' &&
  !account.phone.endsWith(compact(phone))

/** For `.check(…)`: refuses a missing code beside its field. */
export const oldPhoneRule = (account: Account) =>
  crossFieldRule<NewDetails>(['name', 'phone'], (form, reject) => {
    if (!needsOldPhone(form, account)) return
    const code = smsCode.safeParse(form[field] ?? '')
    if (!code.success)
      reject(field, form[field]?.trim() ? 'smsCode.format' : 'oldPhoneCode.required')
  })

/** Sends the code to the registered phone. */
export const sendToOldPhone = <A, Answer>() =>
  sendCodeTo<A, Answer>(purpose, (visit) => signedInOf(visit).account.phone, field)

const codeOf = (visit: Visit<unknown>) =>
  smsCodeBindingOf(visit, purpose, signedInOf(visit).account.phone)

/** Checks the typed code where one is needed. It stays valid until the details are saved. */
export async function checkOldPhone(
  form: NewDetails,
  visit: Visit<unknown>,
  ports: SmsProofPorts,
): Promise<Refusal | undefined> {
  if (!needsOldPhone(form, signedInOf(visit).account)) return undefined
  const wrong = await checkSmsCode(codeOf(visit), smsCode.parse(form[field]), ports)
  return wrong && refuse(field, wrong.code)
}

/** Consumes the code, after the details are saved. */
export const useOldPhoneCode = (visit: Visit<unknown>, { smsCodes }: SmsProofPorts) =>
  smsCodes.use(codeOf(visit))
