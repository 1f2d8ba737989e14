import { accountMessages } from './messages/account/account-messages.ts'
import { accountClosingMessages } from './messages/account/closing-messages.ts'
import { accountDataMessages } from './messages/account/data-messages.ts'
import { accountRecordMessages } from './messages/account/records-messages.ts'
import { agreementMessages } from './messages/agreement-messages.ts'
import { apiMessages } from './messages/api-messages.ts'
import { commonMessages } from './messages/common-messages.ts'
import { counterCodeMessages } from './messages/counter-code-messages.ts'
import { fieldMessages } from './messages/fields-messages.ts'
import { frameMessages } from './messages/frame-messages.ts'
import { guideMessages } from './messages/guide-messages.ts'
import { homeMessages } from './messages/home-messages.ts'
import { idTypeMessages } from './messages/id-types-messages.ts'
import { limitMessages } from './messages/limits-messages.ts'
import { adminApiMessages } from './messages/operators/admin-api-messages.ts'
import { auditEventMessages } from './messages/operators/audit-event-messages.ts'
import { auditLogMessages } from './messages/operators/audit-log-messages.ts'
import { banksPageMessages } from './messages/operators/banks-messages.ts'
import { casesMessages } from './messages/operators/cases-messages.ts'
import { clientFieldMessages } from './messages/operators/client-field-messages.ts'
import { clientGuideMessages } from './messages/operators/client-guide-messages.ts'
import { clientsPageMessages } from './messages/operators/clients-messages.ts'
import { consoleMessages } from './messages/operators/console-messages.ts'
import { counterProofsMessages } from './messages/operators/counter-proofs-messages.ts'
import { keysPageMessages } from './messages/operators/keys-messages.ts'
import { lookupMessages } from './messages/operators/lookup-messages.ts'
import { noticesPageMessages } from './messages/operators/notices-messages.ts'
import { operatorsPageMessages } from './messages/operators/operators-messages.ts'
import { operatorRefusalMessages } from './messages/operators/refusal-messages.ts'
import { reviewMessages } from './messages/operators/reviews-messages.ts'
import { operatorSignInMessages } from './messages/operators/sign-in-messages.ts'
import { statsMessages } from './messages/operators/stats-messages.ts'
import { organisationMessages } from './messages/organisation-messages.ts'
import { organisationRegistrationMessages } from './messages/organisation-registration-messages.ts'
import { panelMessages } from './messages/panel-messages.ts'
import { passwordRecoveryMessages } from './messages/password-recovery-messages.ts'
import { phoneChangeMessages } from './messages/phone-change-messages.ts'
import { recoveryMessages } from './messages/recovery-messages.ts'
import { registrationMessages } from './messages/registration-messages.ts'
import { securityQuestionMessages } from './messages/security-questions-messages.ts'
import { clientMetadataMessages } from './messages/sso/client-metadata-messages.ts'
import { consentMessages } from './messages/sso/consent-messages.ts'
import { counterConsentMessages } from './messages/sso/counter-consent-messages.ts'
import { deviceMessages } from './messages/sso/device-messages.ts'
import { eventMessages } from './messages/sso/event-messages.ts'
import { loginMessages } from './messages/sso/login-messages.ts'
import { realNameMessages } from './messages/sso/real-name-messages.ts'
import { stepUpMessages } from './messages/sso/step-up-messages.ts'
import { terminalMessages } from './messages/terminals-messages.ts'
import { usernameRecoveryMessages } from './messages/username-recovery-messages.ts'
import type { Locale, Sentence } from './sentences.ts'

/** All messages that a person can see, by code. */
export const messages = {
  ...accountMessages,
  ...accountClosingMessages,
  ...accountDataMessages,
  ...accountRecordMessages,
  ...adminApiMessages,
  ...operatorRefusalMessages,
  ...agreementMessages,
  ...apiMessages,
  ...auditLogMessages,
  ...banksPageMessages,
  ...clientFieldMessages,
  ...clientGuideMessages,
  ...clientMetadataMessages,
  ...clientsPageMessages,
  ...eventMessages,
  ...commonMessages,
  ...consentMessages,
  ...consoleMessages,
  ...counterCodeMessages,
  ...counterConsentMessages,
  ...counterProofsMessages,
  ...deviceMessages,
  ...fieldMessages,
  ...frameMessages,
  ...homeMessages,
  ...guideMessages,
  ...idTypeMessages,
  ...keysPageMessages,
  ...limitMessages,
  ...loginMessages,
  ...noticesPageMessages,
  ...operatorSignInMessages,
  ...auditEventMessages,
  ...casesMessages,
  ...lookupMessages,
  ...operatorsPageMessages,
  ...organisationMessages,
  ...organisationRegistrationMessages,
  ...panelMessages,
  ...passwordRecoveryMessages,
  ...phoneChangeMessages,
  ...realNameMessages,
  ...recoveryMessages,
  ...registrationMessages,
  ...reviewMessages,
  ...securityQuestionMessages,
  ...statsMessages,
  ...terminalMessages,
  ...stepUpMessages,
  ...usernameRecoveryMessages,
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
