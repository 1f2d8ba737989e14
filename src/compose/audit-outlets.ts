import type { Logger } from 'pino'
import type { Environment } from '../../config/environment/settings.ts'
import { auditSyslog } from '../adapters/syslog/audit-syslog.ts'
import type { AuditOutlet } from '../ports/audit-outlet.ts'

/** The syslog server of the settings, if there is one. */
export const syslogOutlets = (
  { AUDIT_SYSLOG }: Pick<Environment, 'AUDIT_SYSLOG'>,
  log: Pick<Logger, 'error' | 'info'>,
): readonly AuditOutlet[] => (AUDIT_SYSLOG ? [auditSyslog(AUDIT_SYSLOG, log)] : [])
