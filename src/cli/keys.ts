import { fromShell } from './command.ts'
import { keysCommand } from './key-commands.ts'

/** `npm run keys` */
await fromShell(keysCommand)
