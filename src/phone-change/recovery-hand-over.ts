import * as z from 'zod'
import type { Account } from '../people/account.ts'
import { documentKey, type IdDocument } from '../people/fields/id-document.ts'
import type { Accounts } from '../ports/accounts.ts'

/** What a recovery hands over: which it is, and whom it is about as far as was typed there. */
const given = z.object({
  from: z.enum(['recover/username', 'recover/password']),
  /** As typed at 找回密码. */
  username: z.string().optional(),
  /** 统一社会信用代码, as typed at 找回用户名. */
  unit: z.string().optional(),
  /** The registered phone is somebody else's by now: the person was led here, and did not come by themself. */
  why: z.literal('other-holder').optional(),
})

export type Given = z.output<typeof given>

export const givenOf = (handedOver: unknown): Given => given.parse(handedOver)

/** The account whose phone changes: the named one, or the unit's, or the person's own; its document has to be theirs. */
export async function accountOf(
  { username, unit }: Given,
  document: IdDocument,
  accounts: Accounts,
): Promise<Account | undefined> {
  const account = username
    ? await accounts.findByUsername(username)
    : await accounts.findByDocument(unit ? { type: 'uscc', number: unit } : document)
  return account && documentKey(account.document) === documentKey(document) ? account : undefined
}
