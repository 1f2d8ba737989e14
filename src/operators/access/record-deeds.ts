import querystring from 'node:querystring'
import { networkOf } from '../../people/network.ts'
import type { Audit, AuditEvent } from '../../ports/audit.ts'
import type { Context } from '../../web/context.ts'

/** The action or the look of an operator, for the audit. Without a `reason` the page stands in its place. */
export type Deed = Omit<AuditEvent, 'operator' | 'address'>

/** Stores what an operator or a client of the API did. Comes before the answer goes out. */
export async function recordDeeds(
  ctx: Context,
  did: Deed | readonly Deed[] | 'nothing',
  operator: string,
  audit: Pick<Audit, 'record'>,
): Promise<void> {
  // As people read it, e.g. `/banks/招商银行`. A malformed address stays as it is.
  const page = querystring.unescape(ctx.path)
  const address = networkOf(ctx.ip)
  for (const deed of did === 'nothing' ? [] : [did].flat())
    await audit.record({ reason: page, ...deed, operator, address })
}
