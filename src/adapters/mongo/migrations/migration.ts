import type { Connection } from 'mongoose'

/**
 * A change of stored documents. Rules, since processes of the version before run beside it and any process may be killed:
 * - it is safe to repeat, also after half of it;
 * - the version before can read and write what it leaves; a field is removed one release after its last reader;
 * - no command takes longer than a second (`forRanges`), since the driver gives up after 4 s.
 */
export type Migration = {
  /** `NNNN-what-changes`, sorted by number. It is stored, so it never changes. */
  readonly name: string
  readonly up: (connection: Connection) => Promise<void>
}
