import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Audit, AuditEvent } from '../../ports/audit.ts'
import type { AuditVerification } from '../../ports/audit-verification.ts'

export type VerifyPorts = { readonly audit: Pick<Audit, 'find' | 'record'> & AuditVerification }

/** A press of the button waits so many ms; a longer verification goes on behind the page. */
const patience = 5000

/** The detail of the event of a verification that is not finished. */
export const started = 'started'

/** Verifies the audit, one verification at a time in this process. Its result is an audit event, like that of the command. */
export function verifyInConsole({ audit }: VerifyPorts) {
  let running: Promise<void> | undefined

  async function verify(by: Pick<AuditEvent, 'operator' | 'address'>): Promise<void> {
    const { faults, lastHead } = await audit.verify([], () => {})
    await audit.record({
      ...{ what: 'audit-verified', reason: '/audit', ...by },
      detail: faults ? 'damaged' : 'intact',
      ...(lastHead && { target: `head ${lastHead.number}` }),
    })
  }

  return {
    /** Resolves to whether it is finished. */
    async begin(by: Pick<AuditEvent, 'operator' | 'address'>, log: Logger): Promise<boolean> {
      running ??= verify(by).finally(() => {
        running = undefined
      })
      const work = running
      work.catch((error: unknown) => log.error({ err: error }, 'the audit cannot be verified'))
      return Promise.race([work.then(() => true), sleep(patience, false, { ref: false })])
    },
    /** The last verification that was finished, by console or command. */
    async last() {
      const { events } = await audit.find({ what: 'audit-verified', limit: 20 })
      return events.find(({ detail }) => detail !== started)
    },
  }
}

export type VerifyInConsole = ReturnType<typeof verifyInConsole>
