import * as z from 'zod'
import type { Account } from '../people/account.ts'
import { type IdDocument, sameDocument } from '../people/fields/id-document.ts'
import type { Accounts } from '../ports/accounts.ts'

/** The data that a recovery flow hands over to this one: which recovery it is, and the account as typed there. */
const handOver = z.object({
  from: z.enum(['recover/username', 'recover/password']),
  /** As typed at 找回密码. */
  username: z.string().optional(),
  /** 统一社会信用代码, as typed at 找回用户名. */
  unit: z.string().optional(),
  /** The operator says that the registered phone has a new holder, so the recovery led the person here. */
  why: z.literal('other-holder').optional(),
})

export type RecoveryHandOver = z.output<typeof handOver>

export const readHandOver = (given: unknown): RecoveryHandOver => handOver.parse(given)

/** The account by username, by unit, or else by document. Its document has to be the one that the person typed. */
export async function handedOverAccount(
  { username, unit }: RecoveryHandOver,
  document: IdDocument,
  accounts: Accounts,
): Promise<Account | undefined> {
  const account = username
    ? await accounts.findByUsername(username)
    : await accounts.findByDocument(unit ? { type: 'uscc', number: unit } : document)
  return account && sameDocument(account.document, document) ? account : undefined
}
