import type { HashCost } from '../../ports/passwords.ts'

/** A password hash of any kind that may be stored: the platform's own, or an imported one. */
export type StoredHash = {
  /** Absent if comparing takes no time worth speaking of. */
  readonly cost?: HashCost
  /** Whether an import refuses it, since comparing takes too long. */
  readonly isTooCostly: boolean
  matches(secret: string): Promise<boolean>
  /** Takes as long as comparing with a hash of the same class and of this `work`. */
  spend(work: number): Promise<void>
}
