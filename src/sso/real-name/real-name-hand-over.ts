import * as z from 'zod'
import { bearerInNumber } from '../../people/fields/id-document.ts'
import type { UnprovedAccount } from '../../people/unproved-account.ts'
import type { UnprovedAccounts } from '../../ports/accounts.ts'
import type { Visit } from '../../web/flow/flow-definition.ts'

/** The data that the login hands over to 实名认证. */
const handOver = z.object({
  /** The unproved account whose password was right. */
  id: z.string(),
  /** Whether the number contains no sex and no birth date, so that the page asks for them. */
  asksBearer: z.boolean(),
})

export const handOverOf = ({ id, document }: UnprovedAccount, today: string) => ({
  id,
  asksBearer: document.type !== 'uscc' && !bearerInNumber(document, today).birthdate,
})

export const readHandOver = ({ handedOver }: Visit<unknown>): z.output<typeof handOver> =>
  handOver.parse(handedOver)

/** Undefined if the person proved themself in another way meanwhile. */
export const unprovedOf = (
  visit: Visit<unknown>,
  accounts: Pick<UnprovedAccounts, 'findById'>,
): Promise<UnprovedAccount | undefined> => accounts.findById(readHandOver(visit).id)
