import type { Provider, Session } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

/**
 * Patches: `save` and `destroy` of Session.
 * Why: logout messages must be in the queue before the session that they are about changes, an ended session must stay
 * ended for requests that are still using it, and a session notes where it was used. oidc-provider emits events only
 * after the change and does not wait for listeners.
 * Shown by: test/sso/ended-sessions.test.ts.
 * On an upgrade: look at lib/models/session.js, and at lib/shared/session.js, which saves a session after each request.
 */
export function hookSessions(
  provider: Provider,
  hooks: {
    readonly beforeSave: (session: Session) => Promise<void>
    readonly beforeDestroy: (session: Session) => Promise<void>
  },
): void {
  const { prototype } = provider.Session
  const { save, destroy } = prototype
  assertSeam(typeof save === 'function', 'session-hooks', 'Session.save is a method')
  assertSeam(typeof destroy === 'function', 'session-hooks', 'Session.destroy is a method')
  Object.assign(prototype, {
    async save(this: Session, ttl: number) {
      await hooks.beforeSave(this)
      return save.call(this, ttl)
    },
    async destroy(this: Session) {
      await hooks.beforeDestroy(this)
      return destroy.call(this)
    },
  } satisfies Pick<Session, 'save' | 'destroy'>)
}
