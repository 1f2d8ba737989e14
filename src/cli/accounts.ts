import { accountsCommand } from './accounts/accounts-command.ts'
import { fromShell } from './operator-command.ts'

await fromShell(accountsCommand)
