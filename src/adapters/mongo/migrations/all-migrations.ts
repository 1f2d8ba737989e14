import { absentFields } from './0001-absent-fields.ts'
import type { Migration } from './migration.ts'

/** In the order in which they run. The last one is the version of the schema. */
export const allMigrations: readonly Migration[] = [absentFields]
