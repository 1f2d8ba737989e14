import { fromShell } from './operator-command.ts'
import { operatorsCommand } from './operators-command.ts'

/** `npm run operator` */
await fromShell(operatorsCommand)
