import { caseCommand } from './case-command.ts'
import { fromShell } from './operator-command.ts'

/** `npm run case` */
await fromShell(caseCommand)
