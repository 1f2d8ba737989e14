import { lookOf } from '../../audit/look-of.ts'
import type { Audit } from '../../ports/audit.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import { auditPage } from '../access/audit-page.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, refused } from '../access/console-router.ts'
import { type AuditExportPorts, auditExportRoutes } from './audit-export-routes.ts'
import { readFilter, typedFilter } from './audit-log-filter.ts'
import { type AuditLogViewPorts, auditLogView } from './audit-log-view.ts'
import { started, type VerifyPorts, verifyInConsole } from './verify-in-console.ts'

export type AuditLogPorts = VerifyPorts &
  AuditLogViewPorts &
  AuditExportPorts & { readonly audit: Pick<Audit, 'find'> }

const eventsOnPage = 50

/** 审计日志: the events that match, 导出, and when the chain was last verified. */
export function auditLogPage(router: ConsoleRouter, ports: AuditLogPorts, show: Show) {
  const { audit } = ports
  const verification = verifyInConsole(ports)
  const page = auditLogView(ports, verification, show)

  router.on('GET /audit', async (ctx, operator) => {
    const typed = typedFilter(ctx.query)
    const read = await readFilter(typed, ports)
    if ('refusals' in read) return refused(await page(operator, { typed, ...read }))
    const found = await auditPage(ctx, audit, read.filter, eventsOnPage)
    const done = ['verified', 'verifying'].find((one) => one === ctx.query['done'])
    return {
      did: { what: 'audit-searched', ...lookOf(read.filter) },
      answer: await page(operator, { typed, found, done }),
    }
  })

  auditExportRoutes(router, ports, page)

  router.on('POST /audit/verify', async (ctx, { id }) => {
    const { address } = visitorOf(ctx, false)
    const isDone = await verification.begin({ operator: id, address }, ctx.state.log)
    return {
      // A finished verification has recorded its result.
      did: isDone ? 'nothing' : { what: 'audit-verified', detail: started },
      answer: goTo(`/audit?done=${isDone ? 'verified' : 'verifying'}`),
    }
  })
}
