import { type MessageCode, say } from '../../../config/messages.ts'
import type { Locale } from '../../../config/sentences.ts'
import type { Account, Individual } from '../../people/account.ts'
import { countryName } from '../../people/countries.ts'
import { dayInChina } from '../../people/fields/birthdate.ts'
import { maskedIdNumber } from '../../people/fields/id-document.ts'
import type { Gender } from '../../people/fields/id-number.ts'
import { maskedName } from '../../people/fields/person-name.ts'
import { maskedPhone } from '../../people/fields/phone.ts'
import { provedAtOf } from '../../people/identity-proof.ts'
import { type VerifiedFacts, verifiedFacts } from '../../people/verified-facts.ts'
import { verifiedClaimKey } from './requested-claims.ts'

/** The text that shows a claim; null: the account has no value; undefined: the name of the claim says all. */
type Value = string | undefined | null
type Values = Readonly<Record<string, Value>>

/**
 * The values on the page 授权. The person recognises each, but it is masked so far that somebody who looks over their
 * shoulder cannot use it. The name of an organisation is public and tells apart the organisations of one handler.
 */
export function consentValues(
  account: Account,
  locale: Locale,
  now: number,
): (name: string) => Value {
  const t = (code: MessageCode) => say(locale, code)
  const common: Values = {
    sub: t('consent.value.sub'),
    preferred_username: account.username,
    user_type: t(`userType.${account.kind}`),
    phone_number: maskedPhone(account.phone),
    phone_number_verified: t('consent.value.yes'),
    offline_access: undefined,
  }
  const own =
    account.kind === 'organisation'
      ? {
          name: account.unit.name,
          org_name: account.unit.name,
          org_id_type: t('idType.uscc'),
          org_id_number: maskedIdNumber(account.unit.code),
          org_confirmed: t(account.confirmedAt ? 'consent.value.yes' : 'consent.value.no'),
        }
      : {
          name: maskedName(account.name),
          gender: account.gender ? t(`gender.${account.gender}`) : null,
          birthdate: account.birthdate ? maskedDate(account.birthdate) : null,
          id_type: t(`idType.${account.document.type}`),
          id_country: countryOf(account, locale),
          id_number: maskedIdNumber(account.document.number),
          ...verifiedValues(account, locale, now),
        }
  const values: Values = { ...common, ...own }
  return (name) => (Object.hasOwn(values, name) ? values[name] : null)
}

function verifiedValues(account: Individual, locale: Locale, now: number): Values {
  const facts = verifiedFacts(account, dayInChina(now))
  const shown = Object.entries(maskedFacts(facts, locale))
  return {
    verified_claims: `${provedByOf(account, locale)} ${dayInChina(provedAtOf(account))}`,
    ...Object.fromEntries(
      shown.map(([name, value]) => [verifiedClaimKey(name as keyof VerifiedFacts), value]),
    ),
  }
}

const provedByOf = ({ card }: Individual, locale: Locale): string =>
  card?.bank ?? say(locale, 'account.proved.counter')

function maskedFacts(
  facts: VerifiedFacts,
  locale: Locale,
): Partial<Record<keyof VerifiedFacts, string>> {
  const { gender, birthdate, over_18: isOver } = facts
  return {
    name: String(facts.name_masked),
    name_masked: String(facts.name_masked),
    id_type: say(locale, `idType.${facts.id_type}` as MessageCode),
    ...(facts.id_country && { id_country: countryName(String(facts.id_country), locale) }),
    id_number: maskedIdNumber(String(facts.id_number)),
    id_number_last4: `**${String(facts.id_number_last4).slice(-2)}`,
    phone_number: maskedPhone(String(facts.phone_number)),
    ...(gender && { gender: say(locale, `gender.${gender as Gender}`) }),
    ...(birthdate && { birthdate: maskedDate(String(birthdate)) }),
    ...(isOver !== undefined && {
      over_18: say(locale, isOver ? 'consent.value.yes' : 'consent.value.no'),
    }),
  }
}

/** Shows only the year of an ISO date. */
const maskedDate = (date: string): string => `${date.slice(0, 4)}-**-**`

const countryOf = ({ document: { country } }: Account, locale: Locale): Value =>
  country ? countryName(country, locale) : null
