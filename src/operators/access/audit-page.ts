import { type Audit, type AuditFilter, type AuditPage, BadCursor } from '../../ports/audit.ts'
import type { Context } from '../../web/context.ts'

/** A page of the events that match, from the `cursor` in the address on. Answers a bad cursor with 400. */
export async function auditPage(
  ctx: Context,
  audit: Pick<Audit, 'find'>,
  filter: AuditFilter,
  limit: number,
): Promise<AuditPage> {
  const { cursor } = ctx.query
  try {
    return await audit.find({
      ...filter,
      limit,
      ...(typeof cursor === 'string' && cursor && { cursor }),
    })
  } catch (error) {
    if (error instanceof BadCursor) ctx.throw(400)
    throw error
  }
}
