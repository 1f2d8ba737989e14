import { doctorCommand } from './doctor/doctor-command.ts'
import { fromShell } from './operator-command.ts'

/** `npm run doctor` */
await fromShell(doctorCommand)
