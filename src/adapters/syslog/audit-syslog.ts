import type { BaseLogger } from 'pino'
import type { AuditOutlet } from '../../ports/audit-outlet.ts'
import { formatSyslog } from './syslog-message.ts'
import { type SyslogAddress, syslogSender } from './syslog-sender.ts'

/**
 * Forwards audit events and heads to a syslog server (decision 0247). The reason that an operator typed stays here, since
 * nobody could erase it there.
 */
export function auditSyslog(
  address: SyslogAddress,
  log: Pick<BaseLogger, 'error' | 'info'>,
  ca?: string,
): AuditOutlet {
  const sender = syslogSender(address, log, ca)
  return {
    events(events) {
      for (const { at, what, accountId, clientId, reason: _, ...values } of events)
        sender.send(
          formatSyslog({
            ...{ at, kind: what, severity: 'informational' },
            process: values.id.split('.')[1] ?? '',
            values: { ...values, what, account: accountId, client: clientId },
          }),
        )
    },
    head({ at, process, jws, ...values }) {
      const { number, day, count } = values
      sender.send(
        formatSyslog({
          ...{ at, process, kind: 'audit-head', severity: 'notice' },
          ...{ values: { number, day, count }, text: jws },
        }),
      )
    },
    close: sender.close,
  }
}
