import { randomBytes } from 'node:crypto'
import type { SignedOut } from '../relying-party/logout-token.ts'
import type { Trial } from './client.ts'

const most = 100

/** The trials of browsers, by an opaque id in a cookie. The oldest trial is deleted beyond `most`. */
export function trials() {
  const known = new Map<string, Trial>()
  return {
    find: (id: string | undefined) => known.get(id ?? ''),
    /** Stores a new trial and returns its id. */
    create(trial: Trial): string {
      const [oldest] = known.keys()
      if (oldest !== undefined && known.size >= most) known.delete(oldest)
      const id = randomBytes(32).toString('base64url')
      known.set(id, trial)
      return id
    },
    /** Returns the trials of that session, or of that person, even if their tokens have been deleted. */
    about({ sub, sid }: SignedOut): Trial[] {
      return [...known.values()].filter(({ signedInAs }) => {
        if (!signedInAs) return false
        if (sub !== undefined && signedInAs.sub !== sub) return false
        return sid === undefined || signedInAs.sid === sid
      })
    },
  }
}
