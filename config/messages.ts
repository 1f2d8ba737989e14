import { account } from './messages/account/account.ts'
import { accountClosing } from './messages/account/closing.ts'
import { accountData } from './messages/account/data.ts'
import { accountRecords } from './messages/account/records.ts'
import { agreement } from './messages/agreement.ts'
import { common } from './messages/common.ts'
import { fields } from './messages/fields.ts'
import { frame } from './messages/frame.ts'
import { guide } from './messages/guide.ts'
import { home } from './messages/home.ts'
import { idTypeNames } from './messages/id-types.ts'
import { limits } from './messages/limits.ts'
import { organisation } from './messages/organisation.ts'
import { organisationRegistration } from './messages/organisation-registration.ts'
import { panel } from './messages/panel.ts'
import { passwordRecovery } from './messages/password-recovery.ts'
import { phoneChange } from './messages/phone-change.ts'
import { recovery } from './messages/recovery.ts'
import { registration } from './messages/registration.ts'
import { securityQuestions } from './messages/security-questions.ts'
import { consent } from './messages/sso/consent.ts'
import { device } from './messages/sso/device.ts'
import { login } from './messages/sso/login.ts'
import { stepUp } from './messages/sso/step-up.ts'
import { terminals } from './messages/terminals.ts'
import { usernameRecovery } from './messages/username-recovery.ts'
import type { Locale, Sentence } from './sentences.ts'

/** All messages that a person can see, by code. */
export const messages = {
  ...account,
  ...accountClosing,
  ...accountData,
  ...accountRecords,
  ...agreement,
  ...common,
  ...consent,
  ...device,
  ...fields,
  ...frame,
  ...home,
  ...guide,
  ...idTypeNames,
  ...limits,
  ...login,
  ...organisation,
  ...organisationRegistration,
  ...panel,
  ...passwordRecovery,
  ...phoneChange,
  ...recovery,
  ...registration,
  ...securityQuestions,
  ...terminals,
  ...stepUp,
  ...usernameRecovery,
} as const

export type MessageCode = keyof typeof messages

/** Returns the message of a code in a language, with its parameters. `{days} days` with 1 becomes `1 day`. */
export function say(
  locale: Locale,
  code: MessageCode,
  params: Readonly<Record<string, string | number>> = {},
): string {
  const sentence: Sentence = messages[code]
  return sentence[locale].replace(/\{(\w+)\}( \1)?/g, (whole, name: string, unit = '') => {
    const value = params[name]
    return value === undefined ? whole : `${value}${value === 1 ? unit.replace(/s$/, '') : unit}`
  })
}
