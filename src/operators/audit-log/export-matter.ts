import { lookOf } from '../../audit/look-of.ts'
import type { ReviewMatters } from '../reviews/review-matters.ts'
import type { AuditExport } from './export-answer.ts'

export type ExportPayload = AuditExport & { readonly events: number }

/** An export of many events, after another auditor has agreed: the asker gets it on 审计日志. */
export const exportMatter = (): ReviewMatters => ({
  'audit-export': {
    describe(payload) {
      const { filter, format, events } = payload as ExportPayload
      const { accountId, target } = lookOf(filter)
      const words = [accountId && `account=${accountId}`, target].filter(Boolean).join(' ')
      return [
        { label: 'auditLog.export.events', value: events.toLocaleString('zh-CN') },
        { label: 'auditLog.export.filter', value: words },
        { label: 'auditLog.export.format', value: format },
      ]
    },
    execute: async () => ({}),
  },
})
