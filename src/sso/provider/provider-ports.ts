import type { Configuration } from 'oidc-provider'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { AgreementVersions } from '../../people/agreement.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Clients } from '../../ports/sso/clients.ts'
import type { EventQueue } from '../../ports/sso/event-queue.ts'
import type { OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { Tasks } from '../../ports/tasks.ts'
import type { SelfRegistrationPorts } from '../clients/self-registered-records.ts'
import type { DevicePages } from '../devices/device-pages.ts'
import type { UserCodePorts } from '../devices/user-codes.ts'
import type { IssuedRecordPorts } from './bounds/issued-records.ts'
import type { RequestBoundPorts } from './bounds/request-bounds.ts'
import type { ClientRegistration } from './features/client-registration.ts'
import type { Features } from './features/feature-types.ts'
import type { CertificateHeaders } from './features/mutual-tls.ts'
import type { PairwiseSubject } from './pairwise-subjects.ts'

/** The pages that oidc-provider itself renders, in its own routes. */
export type ProviderPages = DevicePages &
  Required<
    Pick<Configuration, 'renderError'> &
      Pick<NonNullable<Features['rpInitiatedLogout']>, 'logoutSource' | 'postLogoutSuccessSource'>
  >

export type ProviderPorts = UserCodePorts &
  RequestBoundPorts &
  SelfRegistrationPorts &
  IssuedRecordPorts & {
    readonly storage: OidcStorage
    readonly clients: Clients
    readonly accounts: Accounts
    readonly agreementVersions: AgreementVersions
    readonly clock: Clock
    readonly counters: Pick<Counters, 'add'>
    readonly policy: Pick<Policy, 'devicePolls' | 'session' | 'tokens' | 'userCode'>
    readonly audit: Audit
    readonly tasks: Tasks
    readonly eventQueue: Pick<EventQueue, 'add'>
    readonly pairwiseSubject: PairwiseSubject
    /** ADMIN_ORIGIN: the operators' API as a resource server. */
    readonly adminOrigin: string
    /** If undefined, certificates are ignored. */
    readonly certificates: CertificateHeaders | undefined
    /** If undefined, no client can register itself. */
    readonly registration: ClientRegistration | undefined
    /** Sends requests to clients. */
    readonly fetch: NonNullable<Configuration['fetch']>
  }
