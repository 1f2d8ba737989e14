import type { Show } from './access/console-frame.ts'
import { type ConsolePorts, consoleRouter } from './access/console-router.ts'
import { accountActionsPage } from './accounts/account-actions-page.ts'
import { type AccountRecordsPorts, accountRecordsPage } from './accounts/account-records-page.ts'
import type { AccountStatePorts } from './accounts/change-account-state.ts'
import { type LookupPagePorts, lookupPage } from './accounts/lookup-page.ts'
import { type AuditLogPorts, auditLogPage } from './audit-log/audit-log-page.ts'
import { exportMatter } from './audit-log/export-matter.ts'
import { type CasesPagePorts, casesPage } from './cases/cases-page.ts'
import { type ClientGuidePorts, clientGuidePage } from './clients/client-guide-page.ts'
import { type ClientMattersPorts, clientMatters } from './clients/client-matters.ts'
import type { ClientPagePorts } from './clients/client-outcome.ts'
import { clientPage } from './clients/client-page.ts'
import { type ClientListPorts, clientsPage } from './clients/clients-page.ts'
import {
  type CounterProofMatterPorts,
  counterProofMatter,
} from './counter-proofs/counter-proof-matter.ts'
import {
  type CounterProofsPagePorts,
  counterProofsPage,
} from './counter-proofs/counter-proofs-page.ts'
import { enrolmentRoutes } from './enrolment/enrolment-routes.ts'
import type { EnrolmentPorts } from './enrolment/enrolment-state.ts'
import { type BanksPagePorts, banksPage } from './pages/banks-page.ts'
import { type FirstPagePorts, firstPage } from './pages/first-page.ts'
import { type KeysPagePorts, keysPage } from './pages/keys-page.ts'
import { type NoticesPagePorts, noticesPage } from './pages/notices-page.ts'
import { type OperatorsPagePorts, operatorsPage } from './pages/operators-page.ts'
import { keyMatter } from './reviews/key-matter.ts'
import { type OperatorMattersPorts, operatorMatters } from './reviews/operator-matters.ts'
import type { ReviewMatters } from './reviews/review-matters.ts'
import { type ReviewsPagePorts, reviewsPage } from './reviews/reviews-page.ts'
import type { OperatorSignInPorts } from './sign-in/operator-sign-in-ports.ts'
import { operatorSignInRoutes } from './sign-in/operator-sign-in-routes.ts'
import { type StatsPagePorts, statsPage } from './stats/stats-page.ts'

export type AllConsolePorts = ConsolePorts &
  EnrolmentPorts &
  OperatorSignInPorts &
  FirstPagePorts &
  AuditLogPorts &
  BanksPagePorts &
  KeysPagePorts &
  NoticesPagePorts &
  LookupPagePorts &
  CasesPagePorts &
  ClientPagePorts &
  ClientGuidePorts &
  ClientListPorts &
  ClientMattersPorts &
  CounterProofsPagePorts &
  CounterProofMatterPorts &
  AccountStatePorts &
  AccountRecordsPorts &
  ReviewsPagePorts &
  StatsPagePorts &
  OperatorsPagePorts &
  OperatorMattersPorts

/**
 * The pages of the console.
 *
 * - `access/console-access.ts` has a row for each route, with the roles that may use it.
 * - A page is a file of `pages/`: a function that adds its routes to the router. Each handler resolves to what the
 *   operator did, for the audit, and to the answer; the router checks session, role and form, and stores the event first.
 * - Views extend `/console/layout` and fill `block content`. The texts are in `config/messages/operators/`.
 */
export function consoleRoutes(ports: AllConsolePorts, show: Show) {
  const router = consoleRouter(ports)
  enrolmentRoutes(router, ports, show)
  operatorSignInRoutes(router, ports, show)
  firstPage(router, ports, show)
  auditLogPage(router, ports, show)
  banksPage(router, ports, show)
  keysPage(router, ports, show)
  noticesPage(router, ports, show)
  lookupPage(router, ports, show)
  accountActionsPage(router, ports, show)
  accountRecordsPage(router, ports, show)
  casesPage(router, ports, show)
  clientsPage(router, ports, show)
  clientPage(router, ports, show)
  clientGuidePage(router, ports, show)
  counterProofsPage(router, ports, show)
  operatorsPage(router, ports, show)
  statsPage(router, ports, show)
  const matters: ReviewMatters = {
    ...operatorMatters(ports),
    ...exportMatter(),
    ...keyMatter(ports),
    ...clientMatters(ports),
    ...counterProofMatter(ports),
  }
  reviewsPage(router, ports, matters, show)
  return router.routes()
}
