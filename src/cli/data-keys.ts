import { dataKeysCommand } from './data-keys-command.ts'
import { fromShell } from './operator-command.ts'

/** `npm run data-keys` */
await fromShell(dataKeysCommand)
