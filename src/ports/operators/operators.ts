import type { Operator, OperatorCredentials, Passkey } from '../../people/operator.ts'

export type NewOperator = Pick<Operator, 'id' | 'username' | 'name' | 'role' | 'sponsors'> & {
  readonly credentials: OperatorCredentials
  readonly recoveryCodes: readonly string[]
  /** The token of the invitation. */
  readonly invitation: string
}

/** The credentials that the link of a reset sets. */
export type NewCredentials = Pick<NewOperator, 'credentials' | 'recoveryCodes' | 'invitation'> & {
  readonly sponsors: readonly string[]
  /** The resets of the operator when the link was issued. */
  readonly resets: number
}

/**
 * The operators of the console. Promises:
 * - profile and credentials are encrypted, recovery codes and session tokens are stored as blind indexes: nobody who
 *   writes into the database can give an operator a role, a password or a session;
 * - a username is unique without case, and an invitation creates or resets one operator, even for concurrent requests;
 * - an operator has one session: a new one ends the last one;
 * - a one-time password, a recovery code: each is good once, even for concurrent requests.
 */
export interface Operators {
  list(): Promise<readonly Operator[]>
  findById(id: string): Promise<Operator | undefined>
  findByUsername(username: string): Promise<Operator | undefined>
  create(operator: NewOperator): Promise<'created' | 'username_taken' | 'invitation_used'>
  /** Sets the credentials of an operator who has none; false if somebody else did, or after a later reset. */
  setCredentials(id: string, given: NewCredentials): Promise<boolean>
  /** Removes the credentials and ends the session. Returns the number of resets; undefined if there is no such operator. */
  removeCredentials(id: string): Promise<number | undefined>
  /** Disables the operator and ends the session; false if there is no such operator. */
  disable(id: string): Promise<boolean>
  /** Starts a session and returns its token; undefined if the operator was reset or disabled since `seen` was read. */
  startSession(seen: Operator, address: string): Promise<string | undefined>
  /** Finds the operator of a session that has not ended, and moves the end of its idle time. */
  useSession(token: string): Promise<Operator | undefined>
  endSession(id: string): Promise<void>
  /** @param step the time step of RFC 6238, 4.2, whose code was typed */
  useTimeStep(id: string, step: number): Promise<boolean>
  useRecoveryCode(id: string, code: string): Promise<boolean>
  /** Stores the counter of a passkey after a use; false if the operator was reset since `seen` was read. */
  countPasskeyUse(seen: Operator, passkey: Passkey, counter: number): Promise<boolean>
}
