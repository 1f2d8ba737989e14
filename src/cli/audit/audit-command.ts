import { readSettings } from '../../../config/environment/read-environment.ts'
import { allEvents } from '../../audit/all-events.ts'
import { eventValues } from '../../audit/event-columns.ts'
import { type ExportFormat, exportFormats } from '../../audit/export-formats.ts'
import { lookOf } from '../../audit/look-of.ts'
import type { RecordedEvent } from '../../ports/audit.ts'
import {
  type CommandStores,
  defineCommand,
  storeSettings,
  withStores,
} from '../operator-command.ts'
import { type AuditCommand, auditUsage, readAuditCommand } from './audit-arguments.ts'
import { verifyAudit } from './audit-verify.ts'

/** `npm run audit`: lets an auditor verify, search and export the audit. Each use is an audit event itself. */
export const auditCommand = defineCommand(auditUsage, async (caller) => {
  const command = readAuditCommand(caller.typed)
  const env = readSettings(caller.env, storeSettings)
  await withStores(env, caller, (stores) => runAuditCommand(command, stores))
})

async function runAuditCommand(command: AuditCommand, stores: CommandStores): Promise<void> {
  const { audit, report } = stores
  switch (command.name) {
    case 'verify':
      return verifyAudit(command.head, stores)
    case 'search': {
      // The audit event comes first: if it cannot be stored, nothing is shown (decision 0061).
      await report([], { what: 'audit-searched', ...lookOf(command.filter) })
      return showNewest(command, stores)
    }
    case 'export': {
      const { filter, format } = command
      await report([], { what: 'audit-exported', ...lookOf(filter), detail: format })
      const { head, line }: ExportFormat = exportFormats[format]
      if (head) await report([head])
      for await (const event of allEvents(audit, filter)) await report([line(event)])
      return
    }
    case 'key':
      return report([JSON.stringify({ keys: audit.publicKeys() }, undefined, 2)])
  }
}

async function showNewest(
  { filter, limit }: Extract<AuditCommand, { name: 'search' }>,
  { audit, report }: CommandStores,
): Promise<void> {
  let shown = 0
  for await (const event of allEvents(audit, filter, 'newest')) {
    if (shown === limit) return report([`more than ${limit}: --limit shows more of them`])
    await report([eventLine(event)])
    shown += 1
  }
  if (shown === 0) await report(['no event'])
}

/** `TIME  KIND  account=… client=…  ID` */
function eventLine(event: RecordedEvent): string {
  const { id, at, what, ...rest } = eventValues(event)
  const facts = Object.entries(rest).map(([name, value]) => `${name}=${value}`)
  return [at, what, ...facts, id].join('  ')
}
