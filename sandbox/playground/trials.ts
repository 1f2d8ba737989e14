import { randomBytes } from 'node:crypto'
import type { SignedOut } from '../relying-party/logout-token.ts'
import type { Trial } from './client.ts'

const most = 100

/** What browsers try, by an opaque id in each; the oldest is forgotten. */
export function trials() {
  const known = new Map<string, Trial>()
  return {
    find: (id: string | undefined) => known.get(id ?? ''),
    /** Returns the id of the new one. */
    create(trial: Trial): string {
      const [oldest] = known.keys()
      if (oldest !== undefined && known.size >= most) known.delete(oldest)
      const id = randomBytes(32).toString('base64url')
      known.set(id, trial)
      return id
    },
    /** Those with an ID token of that sign-in, or of that person; also when they have just forgotten it. */
    about({ sub, sid }: SignedOut): Trial[] {
      return [...known.values()].filter(({ signedInAs }) => {
        if (!signedInAs) return false
        if (sub !== undefined && signedInAs.sub !== sub) return false
        return sid === undefined || signedInAs.sid === sid
      })
    },
  }
}
