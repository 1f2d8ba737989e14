import { keysCommand } from './keys-command.ts'
import { fromShell } from './operator-command.ts'

/** `npm run keys` */
await fromShell(keysCommand)
