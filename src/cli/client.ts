import { clientCommand } from './client-command.ts'
import { fromShell } from './command.ts'

/** `npm run client` */
await fromShell(clientCommand)
