import { randomBytes } from 'node:crypto'
import type { Clock } from '../../src/ports/clock.ts'
import type { SignedOut } from './logout-token.ts'
import type { PendingLogin, SignedIn } from './relying-party.ts'

export type Session = {
  /** By state: each tab that is signing in has its own. */
  readonly pending: Map<string, PendingLogin>
  readonly signedIn?: SignedIn
}

const idle = 30 * 60_000
const pendingAtOnce = 10

/** The sessions of this service, in its own memory; the browser holds an opaque id. */
export function sessions(clock: Clock) {
  /** The longest unseen first, since every sight of a session moves it to the end. */
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
    /** Returns the id of the new session. */
    create(session: Session): string {
      forgetOld()
      const id = randomBytes(32).toString('base64url')
      keep(id, session)
      return id
    },
    end(id: string | undefined): void {
      if (id !== undefined) known.delete(id)
    },
    /** Ends what the provider says is signed out: without `sid`, everything of that person. */
    endAllOf({ sub, sid }: SignedOut): void {
      for (const [id, { session }] of known) {
        const claims = session.signedIn?.idTokenClaims
        if (!claims || (sub !== undefined && claims.sub !== sub)) continue
        if (sid === undefined || claims['sid'] === sid) known.delete(id)
      }
    },
  }
}

/** A browser that begins again and again drops its oldest attempt. */
export function addPending({ pending }: Session, login: PendingLogin): void {
  pending.set(login.state, login)
  const [oldest] = pending.keys()
  if (oldest !== undefined && pending.size > pendingAtOnce) pending.delete(oldest)
}

/** Each answer of the provider is looked at once. */
export function takePending(session: Session, state: string): PendingLogin | undefined {
  const login = session.pending.get(state)
  session.pending.delete(state)
  return login
}
