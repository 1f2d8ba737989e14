import * as z from 'zod'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { choice } from '../../people/fields/field.ts'
import type { Operator } from '../../people/operator.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { AuditExports } from '../../ports/operators/audit-exports.ts'
import type { Reviews } from '../../ports/operators/reviews.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import type { Answer } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, refused } from '../access/console-router.ts'
import { reason } from '../access/reason.ts'
import { askReview } from '../reviews/review-matters.ts'
import { isDownloadable } from './approved-exports.ts'
import { type FilterPorts, readFilter, typedFilter } from './audit-log-filter.ts'
import type { OnPage } from './audit-log-view.ts'
import { consoleFormats, exported } from './export-answer.ts'
import type { ExportPayload } from './export-matter.ts'

export type AuditExportPorts = FilterPorts & {
  readonly audit: Pick<Audit, 'count' | 'find'>
  readonly auditExports: AuditExports
  readonly clock: Clock
  readonly policy: Pick<Policy, 'operators'>
  readonly reviews: Pick<Reviews, 'ask' | 'find'>
}

/** More are not counted: the reviewer sees that there are so many at least. */
const mostCounted = 1_000_000

const form = z.object({
  format: choice(consoleFormats, 'auditLog.export.noFormat'),
  action: z.literal('ask').optional(),
})
const askForm = z.object({ reason })

/** 导出 CSV and 导出 NDJSON. Many events within a day take a second auditor. */
export function auditExportRoutes(
  router: ConsoleRouter,
  ports: AuditExportPorts,
  page: (operator: Operator, on: OnPage) => Promise<Answer>,
): void {
  const { audit, auditExports, clock, policy, reviews } = ports
  router.on('POST /audit/export', async (ctx, operator) => {
    const typed = typedFilter(ctx.state.typed)
    const again = async (refusals: readonly Refusal[], more: Partial<OnPage> = {}) =>
      refused(await page(operator, { typed, refusals, ...more }))
    const read = await readFilter(typed, ports)
    if ('refusals' in read) return again(read.refusals)
    const chosen = form.safeParse(ctx.state.typed)
    if (!chosen.success) return again(refusalsOf(chosen.error.issues))

    const now = clock()
    const { format, action } = chosen.data
    // The exported events are the counted ones, whatever is recorded meanwhile.
    const filter = { ...read.filter, to: Math.min(read.filter.to ?? now, now) }
    const events = await audit.count(filter, mostCounted)
    if (action === 'ask') {
      const asked = askForm.safeParse(ctx.state.typed)
      if (!asked.success) return again(refusalsOf(asked.error.issues), { asks: { format, events } })
      const payload: ExportPayload = { filter, format, events }
      const review = { kind: 'audit-export', payload, reason: asked.data.reason } as const
      return askReview(review, operator, reviews, goTo('/reviews?done=asked'))
    }
    if (await auditExports.take(operator.id, events))
      return exported({ filter, format }, audit, now)
    const { most } = policy.operators.auditExport
    const tooMany = refuse('form', 'auditLog.export.tooMany', { params: { most, events } })
    return again([tooMany], { asks: { format, events } })
  })

  router.on('GET /audit/exports/:id', async (ctx, operator) => {
    const review = await reviews.find(String(ctx['params'].id))
    if (!review || !isDownloadable(review, operator, clock())) return ctx.throw(404)
    const { filter, format } = review.payload as ExportPayload
    return exported({ filter, format }, audit, clock(), review.reason)
  })
}
