import type { BankName } from '../../config/banks.ts'
import type { IdDocument } from './fields/id-document.ts'

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

/**
 * 人工核验: two operators confirmed the person by the document at a counter. `provedAt` is the time of the approval, in ms
 * since 1970.
 */
export type CounterProof = { readonly provedAt: number }

/** A counter proof whose 核验码 was typed. `id` is the record of the code, which is used up when the proof is stored. */
export type NewCounterProof = CounterProof & { readonly id: string }

/** By a bank, or at a counter: `card` and `counter` never exist together. */
type ByCard<Card> = {
  readonly card: Card
  /** The latest consent to the use of the bank account. */
  readonly consent: CardConsent
  readonly counter?: undefined
}
type ByCounter<Counter> = {
  readonly counter: Counter
  readonly card?: undefined
  readonly consent?: undefined
}

/** The latest proof of an account's person. */
export type Proved = ByCard<VerifiedCard> | ByCounter<CounterProof>

/** A proof that is not stored yet. */
export type NewProof = ByCard<NewCard> | ByCounter<NewCounterProof>

/** The time of the latest proof, in ms since 1970. */
export const provedAtOf = (account: Proved): number =>
  account.card ? account.card.provedAt : account.counter.provedAt

type ProvedPerson = {
  readonly name: string
  /** Present only if a unit's handler changes: the document of an individual never does. */
  readonly document?: IdDocument
  readonly phone: string
}

/** The result of a bank check. It is stored as a whole. */
export type CardProof = ProvedPerson & ByCard<NewCard>

/** The result of a 核验码, likewise. */
export type CodeProof = ProvedPerson & ByCounter<NewCounterProof>

/** A bank check that may have been made without a new consent, e.g. at a terminal: then the earlier consent stays. */
export type ChangedCardProof = Omit<CardProof, 'consent'> & Partial<Pick<CardProof, 'consent'>>

export type ChangedProof = ChangedCardProof | CodeProof
