import type { Account, AccountChange, NewAccount } from '../people/account.ts'
import type { Agreement } from '../people/agreement.ts'
import type { IdDocument, UnitDocument } from '../people/fields/id-document.ts'
import type { NewTask } from './tasks.ts'

/**
 * The accounts, durable. Promises:
 * - a username is unique without case, an ID document is unique as the person it stands for (`documentKey`), a unit
 *   by its code; unique indexes decide, also between processes;
 * - personal fields are sealed, looked up by keyed digests;
 * - `create` with an id that exists already is `created`: the last step of a registration may be repeated;
 * - `change` is all or nothing, its tasks (notices) with it, and only if the account still has the version that the
 *   decision was made on; repeated with the same `by` it is `changed` and changes nothing more, whatever version it names;
 * - `agree` leaves the version as it is, so that the sign-in that it belongs to, and all others, stay good.
 */
export interface Accounts {
  usernameTaken(username: string): Promise<boolean>
  documentTaken(document: IdDocument | UnitDocument): Promise<boolean>
  create(account: NewAccount): Promise<'created' | 'username_taken' | 'document_taken'>
  findById(id: string): Promise<Account | undefined>
  findByUsername(username: string): Promise<Account | undefined>
  /** An individual by their ID document, a unit by its code. */
  findByDocument(document: IdDocument | UnitDocument): Promise<Account | undefined>
  /** `by` names the act, e.g. the id of the flow's subject. */
  change(
    account: Pick<Account, 'id' | 'version'>,
    change: AccountChange,
    by: string,
    tasks?: readonly NewTask[],
  ): Promise<'changed' | 'stale'>
  agree(id: string, agreement: Agreement): Promise<void>
  /**
   * Another hash of the password that the account has, which changes nothing for anybody: the version stays. Of an
   * account that has changed since, nothing is written.
   */
  renewHash(account: Pick<Account, 'id' | 'version'>, passwordHash: string): Promise<void>
  /** Removes the account if it is still closing since then; false when it isn't. */
  erase(id: string, closingSince: number): Promise<boolean>
}
