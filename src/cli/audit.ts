import { auditCommand } from './audit/audit-command.ts'
import { fromShell } from './operator-command.ts'

/** `npm run audit` */
await fromShell(auditCommand)
