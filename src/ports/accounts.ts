import type { Account, AccountChange, NewAccount } from '../people/account.ts'
import type { Agreement } from '../people/agreement.ts'
import type { IdDocument, UnitDocument } from '../people/fields/id-document.ts'
import type { UnprovedAccount } from '../people/unproved-account.ts'
import type { NewTask } from './tasks.ts'

/**
 * The durable store of accounts. Promises:
 * - a username is unique without case, an ID document is unique as the person it stands for (`documentKey`), a unit
 *   by its code; the store enforces this across processes;
 * - personal fields are encrypted, and looked up by blind index;
 * - `create` with an id that exists already returns `created`, so the last step of a registration may be repeated; it removes
 *   the unproved account with this id, whose username the account takes over;
 * - `change` is all or nothing, its tasks (notices) with it, and only if the account still has the version that the
 *   decision was based on; a repetition with the same `by` returns `changed` and changes nothing, whatever its version;
 * - a counter proof that `create` or `change` stores uses up its 核验码 with it; if that is not good any more, nothing is stored
 *   and the result is `proof_used`;
 * - while an account is frozen, `change` returns `stale` for everything but the end of that;
 * - `agree` does not change the version, so that it ends no session.
 */
export interface Accounts {
  usernameTaken(username: string): Promise<boolean>
  documentTaken(document: IdDocument | UnitDocument): Promise<boolean>
  /** `by` identifies the request like that of `change`: an account that another request created is `stale` then. */
  create(
    account: NewAccount,
    by?: string,
  ): Promise<'created' | 'username_taken' | 'document_taken' | 'proof_used' | 'stale'>
  findById(id: string): Promise<Account | undefined>
  findByUsername(username: string): Promise<Account | undefined>
  /** Finds an individual by their ID document, a unit by its code. */
  findByDocument(document: IdDocument | UnitDocument): Promise<Account | undefined>
  /** Up to `most` individuals with this document, whichever country issued it, for operators. */
  findByDocumentNumber(
    type: IdDocument['type'],
    number: string,
    most: number,
  ): Promise<readonly Account[]>
  /** Up to `most` accounts with this phone, for operators; a family may share one. */
  findByPhone(phone: string, most: number): Promise<readonly Account[]>
  /** `by` identifies the request, so that it can be repeated, e.g. `Visit.subject`. */
  change(
    account: Pick<Account, 'id' | 'version'>,
    change: AccountChange,
    by: string,
    tasks?: readonly NewTask[],
  ): Promise<'changed' | 'stale' | 'proof_used'>
  agree(id: string, agreement: Agreement): Promise<void>
  /**
   * Replaces the hash of an unchanged password. The version stays the same; an account that has changed since it was
   * read is not written.
   */
  renewHash(account: Pick<Account, 'id' | 'version'>, passwordHash: string): Promise<void>
  /** Removes the account; false if the request of `closingSince` to close it was cancelled. */
  erase(id: string, closingSince: number): Promise<boolean>
}

/** 未实名: imported registrations. Nothing finds them that looks for accounts, but `usernameTaken`. */
export interface UnprovedAccounts {
  findById(id: string): Promise<UnprovedAccount | undefined>
  findByUsername(username: string): Promise<UnprovedAccount | undefined>
  /** Up to `most` with this document, which several may claim. A 护照 is found whichever country issued it. */
  findByDocument(
    document: IdDocument | UnitDocument,
    most: number,
  ): Promise<readonly UnprovedAccount[]>
  /** Up to `most` with this phone, for operators. */
  findByPhone(phone: string, most: number): Promise<readonly UnprovedAccount[]>
  /** Replaces the hash of an unchanged password. */
  renewHash(id: string, passwordHash: string): Promise<void>
}
