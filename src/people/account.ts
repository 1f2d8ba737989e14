import type { BankName } from '../../config/banks.ts'
import type { IdDocument } from './id-document.ts'

export type Gender = 'male' | 'female'

/** What is kept of a bank card: enough to recognise it, too little to use it. */
export type ProvedCard = {
  readonly bank: BankName
  /** e.g. `6217 **** **** 0007`. */
  readonly masked: string
  /** When the bank confirmed name, document, account and phone; ms since 1970. */
  readonly provedAt: number
  /** Undefined where the verifier doesn't tell. */
  readonly kind?: 'debit' | 'social-security'
}

/** 个人用户. */
export type Individual = {
  /** Opaque; the `sub` of OpenID Connect. */
  readonly id: string
  readonly username: string
  readonly passwordHash: string
  /** Exactly as typed. */
  readonly name: string
  readonly document: IdDocument
  readonly gender: Gender
  /** ISO 8601, `1990-01-31`. */
  readonly birthdate: string
  /** E.164. */
  readonly phone: string
  readonly card: ProvedCard
  /** ms since 1970. */
  readonly registeredAt: number
}

/** `account` (the full number) becomes a digest and is forgotten; `consent` is the wording that was agreed to. */
export type NewIndividual = Omit<Individual, 'card'> & {
  readonly card: Omit<ProvedCard, 'masked'> & { readonly account: string }
  readonly consent: { readonly wording: string; readonly at: number }
}
