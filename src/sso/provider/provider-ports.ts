import type { Configuration } from 'oidc-provider'
import type { Policy } from '../../../config/policy.ts'
import type { AgreementVersions } from '../../people/agreement.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Clients } from '../../ports/sso/clients.ts'
import type { OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { Tasks } from '../../ports/tasks.ts'
import type { DevicePages } from '../devices/device-pages.ts'
import type { UserCodePorts } from '../devices/user-codes.ts'
import type { ClientRegistration } from './features/client-registration.ts'
import type { Features } from './features/feature-types.ts'
import type { CertificateHeaders } from './features/mutual-tls.ts'
import type { PairwiseSubject } from './pairwise-subjects.ts'

/** Pages that the provider itself shows, in its own routes. */
export type ProviderPages = DevicePages &
  Required<
    Pick<Configuration, 'renderError'> &
      Pick<NonNullable<Features['rpInitiatedLogout']>, 'logoutSource' | 'postLogoutSuccessSource'>
  >

export type ProviderPorts = UserCodePorts & {
  readonly storage: OidcStorage
  readonly clients: Clients
  readonly accounts: Accounts
  readonly agreementVersions: AgreementVersions
  readonly clock: Clock
  readonly policy: Pick<Policy, 'devicePolls' | 'session' | 'tokens' | 'userCode'>
  readonly audit: Audit
  readonly tasks: Tasks
  readonly pairwiseSubject: PairwiseSubject
  /** Undefined: none is looked at. */
  readonly certificates: CertificateHeaders | undefined
  /** Undefined: nobody registers itself. */
  readonly registration: ClientRegistration | undefined
  /** How business systems are asked and told. */
  readonly fetch: NonNullable<Configuration['fetch']>
}
