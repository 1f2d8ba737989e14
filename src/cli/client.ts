import { clientCommand } from './client-command.ts'
import { fromShell } from './operator-command.ts'

/** `npm run client` */
await fromShell(clientCommand)
