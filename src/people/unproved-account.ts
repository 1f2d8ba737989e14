import type { IdDocument, UnitDocument } from './fields/id-document.ts'

/** So many imported registrations with the same document are looked at. */
export const mostClaims = 20

/**
 * 未实名: an older registration that was imported. Nobody has proved it, so it reserves its username only and is no account:
 * it becomes one with a proof by a bank or at a counter (decision 0281).
 */
export type UnprovedAccount = {
  /** The id of the account that it becomes. */
  readonly id: string
  readonly username: string
  readonly passwordHash: string
  /** The name of the person or of the unit. */
  readonly name: string
  /** For a unit its code. */
  readonly document: IdDocument | UnitDocument
  /** E.164. */
  readonly phone: string
  /** ms since 1970. */
  readonly registeredAt: number
}
