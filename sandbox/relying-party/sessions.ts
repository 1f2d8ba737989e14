import { randomBytes } from 'node:crypto'
import type { Clock } from '../../src/ports/clock.ts'
import type { SignedOut } from './logout-token.ts'
import type { PendingLogin, SignedIn } from './relying-party.ts'

export type Session = {
  /** The pending sign-ins by state, since each tab has its own. */
  readonly pending: Map<string, PendingLogin>
  readonly signedIn?: SignedIn
}

const idle = 30 * 60_000
const pendingAtOnce = 10

/** The sessions of this service in memory. The browser's cookie contains an opaque id. */
export function sessions(clock: Clock) {
  /** The least recently used session is first, since each use moves it to the end. */
  const known = new Map<string, { session: Session; seenAt: number }>()

  function keep(id: string, session: Session): void {
    known.delete(id)
    known.set(id, { session, seenAt: clock() })
  }
  const isOver = ({ seenAt }: { seenAt: number }) => clock() - seenAt >= idle
  function forgetOld(): void {
    for (const [id, entry] of known) {
      if (!isOver(entry)) return
      known.delete(id)
    }
  }

  return {
    find(id: string | undefined): Session | undefined {
      const entry = id === undefined ? undefined : known.get(id)
      if (id === undefined || !entry || isOver(entry)) return undefined
      keep(id, entry.session)
      return entry.session
    },
    /** Stores a new session and returns its id. */
    create(session: Session): string {
      forgetOld()
      const id = randomBytes(32).toString('base64url')
      keep(id, session)
      return id
    },
    end(id: string | undefined): void {
      if (id !== undefined) known.delete(id)
    },
    /** Ends the session that was signed out, or without `sid` all sessions of the person. */
    endAllOf({ sub, sid }: SignedOut): void {
      for (const [id, { session }] of known) {
        const claims = session.signedIn?.idTokenClaims
        if (!claims || (sub !== undefined && claims.sub !== sub)) continue
        if (sid === undefined || claims['sid'] === sid) known.delete(id)
      }
    },
  }
}

/** Adds a pending sign-in and drops the oldest one beyond the limit. */
export function addPending({ pending }: Session, login: PendingLogin): void {
  pending.set(login.state, login)
  const [oldest] = pending.keys()
  if (oldest !== undefined && pending.size > pendingAtOnce) pending.delete(oldest)
}

/** Removes and returns a pending sign-in, so that each answer of the provider is processed once. */
export function takePending(session: Session, state: string): PendingLogin | undefined {
  const login = session.pending.get(state)
  session.pending.delete(state)
  return login
}
