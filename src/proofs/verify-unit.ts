import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Audit } from '../ports/audit.ts'
import type { Limits } from '../ports/limits.ts'
import type { Breaker } from '../ports/services/breaker.ts'
import type { OrganisationRegistry, UnitClaim } from '../ports/services/organisation-registry.ts'
import { takeAttempt } from './attempt-limits.ts'
import { serviceOutage } from './service-outage.ts'

export type UnitProofPorts = {
  readonly registry: OrganisationRegistry & Breaker
  readonly limits: Limits
  readonly audit: Audit
  readonly policy: Pick<Policy, 'registryCheck' | 'externalServices'>
}

/**
 * Asks the registry whether name, code, legal representative and their ID number belong to one unit. Returns undefined
 * if so, and the same refusal for every mismatch. An outage or a used-up quota of the registry counts against no limit.
 */
export async function verifyUnit(
  claim: UnitClaim,
  visitor: Visitor,
  { registry, limits, audit, policy }: UnitProofPorts,
): Promise<Refusal | undefined> {
  const { perCodeAndAddress, perCode, perAddress } = policy.registryCheck
  const { code } = claim
  const taken = await takeAttempt(
    visitor,
    'registry',
    perAddress,
    [
      {
        name: 'registry.code-address',
        subject: `${code} ${visitor.address}`,
        ...perCodeAndAddress,
      },
      { name: 'registry.code', subject: code, ...perCode },
    ],
    limits,
  )
  if (!('ok' in taken)) return taken
  const isAsked = !registry.isOpen()
  const outcome = await registry.verify(claim)
  const failed = outcome === 'quota' || outcome === 'unavailable'
  if (failed) await taken.giveBack()
  if (isAsked)
    await audit.record({ what: 'registry-asked', address: visitor.address, detail: outcome })
  if (failed) return serviceOutage('registry.unavailable', policy)
  return outcome === 'match' ? undefined : refuse('form', 'registry.mismatch')
}
