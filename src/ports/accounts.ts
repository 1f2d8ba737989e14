import type { Individual, NewIndividual } from '../people/account.ts'
import type { IdDocument } from '../people/id-document.ts'

/**
 * The accounts, durable. Promises:
 * - a username is unique without case, an ID document is unique as the person it stands for (`documentKey`);
 *   unique indexes decide, also between processes;
 * - personal fields are sealed, looked up by keyed digests;
 * - `create` with an id that exists already is `created`: the last step of a registration may be repeated.
 */
export interface Accounts {
  usernameTaken(username: string): Promise<boolean>
  documentTaken(document: IdDocument): Promise<boolean>
  create(account: NewIndividual): Promise<'created' | 'username_taken' | 'document_taken'>
  findById(id: string): Promise<Individual | undefined>
  findByUsername(username: string): Promise<Individual | undefined>
}
