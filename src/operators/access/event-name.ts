import type { MessageCode } from '../../../config/messages.ts'
import type { AuditEventKind } from '../../ports/audit.ts'

/** The name of a kind of audit event. */
export const eventName = (what: AuditEventKind): MessageCode => `audit.what.${what}`
