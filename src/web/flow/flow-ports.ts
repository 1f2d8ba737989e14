import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Flows } from '../../ports/flows.ts'
import type { OpenRequests } from '../../ports/open-requests.ts'
import type { ClientLinks } from '../../ports/sso/client-links.ts'
import type { CaptchaPorts } from '../../proofs/check-captcha.ts'

/** The ports that every flow needs. */
export type FlowPorts = CaptchaPorts & {
  readonly flows: Flows
  readonly clientLinks: ClientLinks
  readonly cases: Cases
  readonly clock: Clock
  readonly counters: Pick<Counters, 'add'>
  readonly openRequests: OpenRequests
  readonly policy: Pick<Policy, 'flow' | 'openFlows' | 'openRequests' | 'smsCode'>
}
