import { type Adapter, errors } from 'oidc-provider'
import type { ClientMetadata } from '../../../config/client-metadata.ts'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { networkOf } from '../../people/network.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Limits } from '../../ports/limits.ts'
import type { Clients } from '../../ports/sso/clients.ts'
import { accountClientName } from '../login/account-login.ts'
import { TooManyRequests } from '../provider/bounds/too-many-requests.ts'
import { presentRequest } from '../provider/features/client-registration.ts'
import { nameResemblance } from './metadata/resembling-names.ts'

export type SelfRegistrationPorts = {
  readonly clients: Clients
  readonly audit: Audit
  readonly limits: Limits
  readonly policy: Pick<Policy, 'selfRegistration'>
}

/**
 * Stores and removes clients that register themselves, with an audit event for each change. Checks their names against
 * those of the bureau, and bounds the changes of an address.
 */
export const selfRegisteredRecords = ({
  clients,
  audit,
  limits,
  policy,
}: SelfRegistrationPorts): Pick<Adapter, 'upsert' | 'destroy'> => {
  const addressOf = () => networkOf(presentRequest()?.ip ?? '')
  const record = (what: 'client-added' | 'client-changed' | 'client-removed', clientId: string) =>
    audit.record({ what, clientId, address: addressOf(), detail: 'registration' })

  async function countChange(): Promise<void> {
    const { perAddress } = policy.selfRegistration
    const name = 'registration.address'
    const taken = await limits.take([{ name, subject: addressOf(), ...perAddress }])
    if (!taken.ok)
      throw new TooManyRequests(presentRequest(), taken.retryAfter, 'too many registrations')
  }
  const resemble = nameResemblance()

  /** A stranger's client must not pass for one of the bureau on the login and consent pages (decision 0213). */
  async function refuseNameOfFirstParty(name: unknown): Promise<void> {
    if (typeof name !== 'string') return
    const own = (await clients.list()).filter(({ metadata }) => metadata.first_party)
    const taken = [accountClientName, ...own.map(({ metadata }) => metadata.client_name ?? '')]
    if (taken.some((each) => resemble(each, name)))
      throw new errors.InvalidClientMetadata(
        'client_name: equals or resembles the name of a system of the bureau itself',
      )
  }

  return {
    async upsert(id, metadata) {
      await countChange()
      await refuseNameOfFirstParty(metadata['client_name'])
      const known = await clients.find(id)
      await clients.register(metadata as unknown as ClientMetadata)
      await record(known ? 'client-changed' : 'client-added', id)
    },
    async destroy(id) {
      await clients.remove(id)
      await record('client-removed', id)
    },
  }
}
