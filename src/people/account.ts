import type { BankName } from '../../config/banks.ts'
import type { Agreement } from './agreement.ts'
import { type IdDocument, isNationWide, type UnitDocument } from './fields/id-document.ts'
import type { Gender } from './fields/id-number.ts'
import { sameName } from './fields/person-name.ts'

/** What is kept of a bank card: enough to recognise it, too little to use it. */
export type VerifiedCard = {
  readonly bank: BankName
  /** e.g. `6217 **** **** 0007`. */
  readonly masked: string
  /** When the bank confirmed name, document, account and phone; ms since 1970. */
  readonly provedAt: number
  /** Undefined where the verifier doesn't tell. */
  readonly kind?: 'debit' | 'social-security'
}

/** A card as it was proved: `account` (the full number) becomes masked digits and a digest, and is forgotten. */
export type NewCard = Omit<VerifiedCard, 'masked'> & { readonly account: string }

/** The wording above the bank fields that was agreed to (PIPL, article 29), and when; ms since 1970. */
export type CardConsent = { readonly wording: string; readonly at: number }

/** 密保问题: which one, and the hash of its answer (`answerKey`). */
export type SecurityQuestion = { readonly question: string; readonly answerHash: string }

type Common = {
  /** Opaque; the `sub` of OpenID Connect. */
  readonly id: string
  readonly username: string
  readonly passwordHash: string
  /** Who proved themself by bank card: the person, or a unit's handler (经办人). Exactly as typed. */
  readonly name: string
  /** That person's. */
  readonly document: IdDocument
  /** E.164. */
  readonly phone: string
  readonly card: VerifiedCard
  /** To the use of the bank account: the latest. */
  readonly consent: CardConsent
  /** To 用户协议 and 隐私政策; absent in accounts from before there were any. */
  readonly agreement?: Agreement | undefined
  /** Three, where they were set. */
  readonly questions?: readonly SecurityQuestion[]
  /** When 注销 was asked for; ms since 1970. */
  readonly closingSince?: number
  /** ms since 1970. */
  readonly registeredAt: number
  /** Grows with each change: a decision on an older state is refused, a sign-in verified before it is void. */
  readonly version: number
  /** The act that changed it last (`Accounts.change`): the same act again, after a crash, is done already. */
  readonly changedBy?: string
}

/** 个人用户. */
export type Individual = Common & {
  readonly kind: 'individual'
  readonly gender: Gender
  /** ISO 8601, `1990-01-31`. */
  readonly birthdate: string
}

/** What the organisation registry holds of a unit. */
export type Unit = {
  readonly name: string
  /** 统一社会信用代码. */
  readonly code: string
  readonly legalRepresentative: string
  readonly legalRepresentativeIdNumber: string
}

/** 单位用户; being its handler claims no identity. */
export type Organisation = Common & {
  readonly kind: 'organisation'
  readonly unit: Unit
  /** When the legal representative proved themself by bank card; ms since 1970. */
  readonly confirmedAt?: number
}

export type Account = Individual | Organisation

type New<A extends Account> = Omit<
  A,
  'card' | 'version' | 'changedBy' | 'questions' | 'closingSince'
> & {
  readonly card: NewCard
}
export type NewIndividual = New<Individual>
export type NewOrganisation = New<Organisation>
export type NewAccount = NewIndividual | NewOrganisation

/** A fresh proof by bank card: all of it together or nothing. */
export type CardProof = {
  readonly name: string
  /** Only where a unit's handler changes: the document of an individual never does. */
  readonly document?: IdDocument
  readonly phone: string
  readonly card: NewCard
  readonly consent: CardConsent
}

/** Where nobody was asked for the consent, the one on record stays. */
export type ChangedCardProof = Omit<CardProof, 'consent'> & Partial<Pick<CardProof, 'consent'>>

/** What may change of an account; what is absent stays. */
export type AccountChange = {
  readonly passwordHash?: string
  /** `null`: none are set any more. */
  readonly questions?: readonly SecurityQuestion[] | null
  readonly proof?: ChangedCardProof
  /** What the registry holds of it now; its code never changes. */
  readonly unit?: Unit
  readonly confirmedAt?: number
  /** `null`: a sign-in ended the cooling-off. */
  readonly closingSince?: number | null
}

/** Under what an account is unique. */
export const documentOfAccount = (
  account: Pick<Individual, 'kind' | 'document'> | Pick<Organisation, 'kind' | 'unit'>,
): IdDocument | UnitDocument =>
  account.kind === 'individual' ? account.document : { type: 'uscc', number: account.unit.code }

/** Whether a proof of this name can be the account holder's; a new name can be for a nation-wide number only. */
export const canBeNamed = (
  { name, document }: Pick<Account, 'name' | 'document'>,
  confirmed: string,
): boolean => isNationWide(document) || sameName(name, confirmed)

/** What a password of the account must not be built from. */
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
