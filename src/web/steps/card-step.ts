import * as z from 'zod'
import { say } from '../../../config/messages.ts'
import type { Account } from '../../people/account.ts'
import { phoneFields, phoneRules } from '../../people/fields/phone.ts'
import { compact } from '../../people/fields/typed-text.ts'
import { deviceCodes, ownCodes } from '../../proofs/sms-allowances.ts'
import { type SmsProofPorts, sendSmsCode } from '../../proofs/sms-code.ts'
import type { FourElementsPorts } from '../../proofs/verify-four-elements.ts'
import { type Action, action, type Typed, type Visit } from '../flow/flow-definition.ts'
import { bankOptions } from '../page/bank-names.ts'

type PhonePorts = Pick<FourElementsPorts, 'phoneRegions'>

/** The fields that are kept as drafts, with the consent, so that the checkbox stays ticked. */
export const cardKeeps = ['bank', 'bankConsent', 'account', 'phoneRegion', 'phone'] as const

/** The same, with the way that the person chose: by bank card, or by 核验码. */
export const proofKeeps = ['proof', ...cardKeeps] as const

/** The fields that a link of the page may set, in its query. */
export const proofLinks = { proof: ['counter', 'bank'] } as const

/** The options of the selects on a page with the card's fields. */
export const cardPage = (
  visit: Pick<Visit<unknown>, 'visitor' | 'now'>,
  ports: Pick<FourElementsPorts, 'banks' | 'bankMaintenance' | 'phoneRegions'>,
) => ({
  banks: bankOptions(ports.banks, visit.visitor.locale, ports.bankMaintenance, visit.now),
  ...phonePage(visit, ports),
})

/** The options of the select on a page with a phone. */
export const phonePage = (
  { visitor }: Pick<Visit<unknown>, 'visitor'>,
  { phoneRegions }: PhonePorts,
) => ({
  phoneRegions: phoneRegions.map((region) => ({
    value: region,
    text: say(visitor.locale, `phoneRegion.${region}`),
  })),
})

/** Binds a code to its flow, its purpose and the phone. */
export const smsCodeBindingOf = (
  { flow }: { readonly flow: string },
  purpose: string,
  phone: string,
) => ({
  flow,
  purpose,
  phone,
})

/** Replaces an empty 手机号码 by the account's present phone. */
export const orPresentPhone = <Form>(phone: string | undefined, form: z.ZodType<Form>) =>
  z.preprocess(
    (typed: Typed) => (phone && compact(typed['phone'] ?? '') === '' ? { ...typed, phone } : typed),
    form,
  )

/**
 * 发送短信验证, to the phone that was typed; left empty, to the `present` one where there is one. `find`: the account
 * that a flow without a sign-in is about.
 */
export const sendCode =
  <A, Answer, Ports = unknown>(
    purpose: string,
    present?: (visit: Visit<A>) => string,
    find?: (typed: Typed, visit: Visit<A>, ports: Ports) => Promise<Account | undefined>,
  ): Action<A, SmsProofPorts & PhonePorts & Ports, Answer> =>
  (typed, visit, ports) =>
    action<A, SmsProofPorts & PhonePorts & Ports, Answer, { phone: string }>(
      (_, { phoneRegions }) =>
        orPresentPhone(
          present?.(visit),
          z.object(phoneFields(phoneRegions)).check(...phoneRules(phoneRegions)),
        ),
      async ({ phone }) => {
        const account = await find?.(typed, visit, ports)
        return send(purpose, phone, visit, ports, account)
      },
    )(typed, visit, ports)

/** The action 发送短信验证 of a page without a field for the phone. */
export const sendCodeTo = <A, Answer>(
  purpose: string,
  phoneOf: (visit: Visit<A>) => string,
  field?: string,
) =>
  action<A, SmsProofPorts, Answer, object>(
    () => z.object({}),
    (_, visit, ports) => send(purpose, phoneOf(visit), visit, ports, undefined, field),
  )

/** `field` is the field for the code, if the page has two of them. */
async function send(
  purpose: string,
  phone: string,
  visit: Visit<unknown>,
  ports: SmsProofPorts,
  account: Account | undefined = visit.signedIn?.account,
  field?: string,
) {
  const code = smsCodeBindingOf(visit, purpose, phone)
  const own = account ? provedCodes(account, visit, ports) : []
  const outcome = await sendSmsCode(code, visit.visitor, ports, account, own)
  return outcome === 'sent'
    ? { sent: { phone, at: visit.now, ...(field && { field }) } }
    : { refused: outcome }
}

/** The allowances of a device that remembers the account, and of a sign-in, which needed the password. */
const provedCodes = (
  { id }: Pick<Account, 'id'>,
  { visitor, signedIn }: Pick<Visit<unknown>, 'visitor' | 'signedIn'>,
  { policy }: Pick<SmsProofPorts, 'policy'>,
) => [
  ...(visitor.isRemembered(id) ? [deviceCodes(id, visitor, policy)] : []),
  ...(signedIn ? [ownCodes('password', id, policy)] : []),
]
