import type { BankName } from '../../config/banks.ts'
import type { Agreement } from './agreement.ts'
import {
  type IdDocument,
  isNationWide,
  lacksCountry,
  type UnitDocument,
} from './fields/id-document.ts'
import type { Gender } from './fields/id-number.ts'
import { sameName } from './fields/person-name.ts'

/** The part of a bank card that is stored: enough to recognise it, too little to use it. */
export type VerifiedCard = {
  readonly bank: BankName
  /** e.g. `6217 **** **** 0007`. */
  readonly masked: string
  /** The time at which the bank confirmed name, document, account and phone, in ms since 1970. */
  readonly provedAt: number
  /** Undefined if the provider does not report it. */
  readonly kind?: 'debit' | 'social-security'
}

/** A card that the bank just confirmed. The full number, `account`, is stored only masked and as a blind index. */
export type NewCard = Omit<VerifiedCard, 'masked'> & { readonly account: string }

/** The consent to the use of the bank account (PIPL, article 29): its wording, and its time in ms since 1970. */
export type CardConsent = { readonly wording: string; readonly at: number }

/** 密保问题: the code of the question, and the hash of `answerKey` of its answer. */
export type SecurityQuestion = { readonly question: string; readonly answerHash: string }

type Common = {
  /** Opaque; the `sub` of OpenID Connect. */
  readonly id: string
  readonly username: string
  readonly passwordHash: string
  /** The name that the bank confirmed, exactly as typed: the person's, or that of a unit's handler (经办人). */
  readonly name: string
  /** The ID document of the same person. */
  readonly document: IdDocument
  /** E.164. */
  readonly phone: string
  readonly card: VerifiedCard
  /** The latest consent to the use of the bank account. */
  readonly consent: CardConsent
  /** The agreement to 用户协议 and 隐私政策; absent in accounts that are older than these texts. */
  readonly agreement?: Agreement | undefined
  /** Three questions, or none. */
  readonly questions?: readonly SecurityQuestion[]
  /** The time of the request for 注销, in ms since 1970. */
  readonly closingSince?: number
  /** The time of 冻结账户 by an operator, in ms since 1970: nobody signs in, and nothing else changes. */
  readonly frozenSince?: number
  /** ms since 1970. */
  readonly registeredAt: number
  /** Grows with each change. A decision that is based on an older version is rejected, a session of one may end. */
  readonly version: number
  /** The `by` of the last `Accounts.change`, by which a repetition after a crash is recognised. */
  readonly changedBy?: string
}

/** 个人用户. */
export type Individual = Common & {
  readonly kind: 'individual'
  readonly gender: Gender
  /** ISO 8601, `1990-01-31`. */
  readonly birthdate: string
}

/** The data of a unit in the organisation registry. */
export type Unit = {
  readonly name: string
  /** 统一社会信用代码. */
  readonly code: string
  readonly legalRepresentative: string
  readonly legalRepresentativeIdNumber: string
}

/** 单位用户. Its handler may have an account as 个人用户 too. */
export type Organisation = Common & {
  readonly kind: 'organisation'
  readonly unit: Unit
  /** The time at which the legal representative was verified by bank card, in ms since 1970. */
  readonly confirmedAt?: number
}

export type Account = Individual | Organisation

type New<A extends Account> = Omit<
  A,
  'card' | 'version' | 'changedBy' | 'questions' | 'closingSince' | 'frozenSince'
> & {
  readonly card: NewCard
}
export type NewIndividual = New<Individual>
export type NewOrganisation = New<Organisation>
export type NewAccount = NewIndividual | NewOrganisation

/** The result of a bank check. It is stored as a whole. */
export type CardProof = {
  readonly name: string
  /** Present only if a unit's handler changes: the document of an individual never does. */
  readonly document?: IdDocument
  readonly phone: string
  readonly card: NewCard
  readonly consent: CardConsent
}

/** A bank check that may have been made without a new consent, e.g. at a terminal: then the earlier consent stays. */
export type ChangedCardProof = Omit<CardProof, 'consent'> & Partial<Pick<CardProof, 'consent'>>

/** The changes of an account; absent fields stay as they are. */
export type AccountChange = {
  readonly passwordHash?: string
  /** `null` removes the questions. */
  readonly questions?: readonly SecurityQuestion[] | null
  readonly proof?: ChangedCardProof
  /** The registered document with the country that it lacked; an individual's account is unique by it from then on. */
  readonly withCountry?: Pick<Account, 'kind' | 'document'>
  /** The present data of the registry; the code of a unit never changes. */
  readonly unit?: Unit
  readonly confirmedAt?: number
  /** `null` cancels the closing, after a sign-in during the cooling-off period. */
  readonly closingSince?: number | null
  /** 冻结账户; `null` ends it. */
  readonly frozenSince?: number | null
}

/** The country of the registered passport, where the account lacks it and a bank has confirmed the document with it. */
export const countryAdded = (
  { kind, document }: Account,
  confirmed: IdDocument | undefined,
): Pick<AccountChange, 'withCountry'> =>
  lacksCountry(document) && confirmed?.country
    ? { withCountry: { kind, document: { ...document, country: confirmed.country } } }
    : {}

/** The document by which an account is unique. */
export const documentOfAccount = (
  account: Pick<Individual, 'kind' | 'document'> | Pick<Organisation, 'kind' | 'unit'>,
): IdDocument | UnitDocument =>
  account.kind === 'individual' ? account.document : { type: 'uscc', number: account.unit.code }

/** Whether a proof of this name can be the account holder's; a new name can be for a nation-wide number only. */
export const canBeNamed = (
  { name, document }: Pick<Account, 'name' | 'document'>,
  confirmed: string,
): boolean => isNationWide(document) || sameName(name, confirmed)

/** The words from which a password of the account must not be built. */
export const personalWords = ({
  username,
  phone,
  document,
  ...account
}: Account): readonly string[] => [
  username,
  phone.replace(/^\+(86)?/, ''),
  document.number,
  ...(account.kind === 'organisation' ? [account.unit.code] : []),
]
