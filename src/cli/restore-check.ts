import { fromShell } from './operator-command.ts'
import { restoreCheckCommand } from './restore/restore-check-command.ts'

/** `npm run restore-check` */
await fromShell(restoreCheckCommand)
