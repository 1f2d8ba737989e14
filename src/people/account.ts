import type { Agreement } from './agreement.ts'
import {
  type IdDocument,
  isNationWide,
  lacksCountry,
  type UnitDocument,
} from './fields/id-document.ts'
import type { Gender } from './fields/id-number.ts'
import { sameName } from './fields/person-name.ts'
import type { ChangedProof, NewProof, Proved } from './identity-proof.ts'

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

type OfIndividual = {
  readonly kind: 'individual'
  /** Absent, like the birth date, if the number does not contain it and the person proved an imported registration by 更换手机号. */
  readonly gender?: Gender
  /** ISO 8601, `1990-01-31`. */
  readonly birthdate?: string
}

/** 个人用户. */
export type Individual = Common & OfIndividual & Proved

/** The data of a unit in the organisation registry. */
export type Unit = {
  readonly name: string
  /** 统一社会信用代码. */
  readonly code: string
  readonly legalRepresentative: string
  readonly legalRepresentativeIdNumber: string
}

type OfOrganisation = {
  readonly kind: 'organisation'
  readonly unit: Unit
  /** The time at which the legal representative was verified by bank card, in ms since 1970. */
  readonly confirmedAt?: number
}

/** 单位用户. Its handler may have an account as 个人用户 too. */
export type Organisation = Common & OfOrganisation & Proved

export type Account = Individual | Organisation

/** The fields of a new account of either kind. */
export type NewCommon = Omit<
  Common,
  'version' | 'changedBy' | 'questions' | 'closingSince' | 'frozenSince'
> &
  NewProof
export type NewIndividual = NewCommon & OfIndividual
export type NewOrganisation = NewCommon & OfOrganisation
export type NewAccount = NewIndividual | NewOrganisation

/** The changes of an account; absent fields stay as they are. */
export type AccountChange = {
  readonly passwordHash?: string
  /** `null` removes the questions. */
  readonly questions?: readonly SecurityQuestion[] | null
  readonly proof?: ChangedProof
  /** The registered document with the country that it lacked; an individual's account is unique by it from then on. */
  readonly withCountry?: Pick<Account, 'kind' | 'document'>
  /** The present data of the registry; the code of a unit never changes. */
  readonly unit?: Unit
  readonly confirmedAt?: number
  /** `null` cancels the closing, after a sign-in during the cooling-off period. */
  readonly closingSince?: number | null
  /** 冻结账户; `null` ends it. */
  readonly frozenSince?: number | null
  /** A recovery makes the change, which clients learn. Nothing of it is stored. */
  readonly recovery?: true
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
