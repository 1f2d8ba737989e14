import { caseCommand } from './case-command.ts'
import { fromShell } from './command.ts'

/** `npm run case` */
await fromShell(caseCommand)
