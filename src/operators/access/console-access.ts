import type { MessageCode } from '../../../config/messages.ts'
import { type Role, roles } from '../../people/operator.ts'

/**
 * Every route of the console with the roles that may use it (specification of the operators' side, section 10). The router
 * refuses a route without a row at start.
 */
export const consoleAccess = {
  'GET /': roles,
  'POST /logout': roles,
  'GET /stats': roles,
  'GET /cases': ['support', 'security'],
  'GET /cases/:number': ['support', 'security'],
  'POST /cases/:number': ['support', 'security'],
  'GET /counter-proofs': ['support'],
  'POST /counter-proofs': ['support'],
  'GET /lookup': ['support', 'security'],
  'POST /lookup': ['support', 'security'],
  'GET /lookup/:id/records': ['support', 'security'],
  'POST /lookup/:id/unlock': ['support', 'security'],
  'POST /lookup/:id/end-sessions': ['support', 'security'],
  'POST /lookup/:id/freeze': ['security'],
  'POST /lookup/:id/unfreeze': ['security'],
  'GET /operators': ['security'],
  'GET /operators/:id': ['security'],
  'POST /operators/invite': ['security'],
  'POST /operators/:id/disable': ['security'],
  'POST /operators/:id/reset': ['security'],
  'GET /clients': ['system'],
  'GET /clients/new': ['system'],
  'POST /clients': ['system'],
  'GET /clients/:id': ['system'],
  'GET /clients/:id/guide': ['system'],
  'POST /clients/:id': ['system'],
  'POST /clients/:id/secret': ['system'],
  'POST /clients/:id/disable': ['system'],
  'POST /clients/:id/enable': ['system'],
  'POST /clients/:id/remove': ['system'],
  'GET /banks': ['system'],
  'POST /banks/:bank': ['system'],
  'GET /notices': ['system'],
  'POST /notices': ['system'],
  'POST /notices/:id/withdraw': ['system'],
  'GET /keys': ['system', 'security'],
  'POST /keys/rotate': ['system'],
  'POST /keys/withdraw': ['system'],
  'GET /audit': ['auditor'],
  'POST /audit/export': ['auditor'],
  'GET /audit/exports/:id': ['auditor'],
  'POST /audit/verify': ['auditor'],
  'GET /reviews': roles,
  // Which kinds a role decides is in `reviewRoles`.
  'POST /reviews/:id': ['system', 'security', 'auditor'],
} as const satisfies Readonly<Record<string, readonly Role[]>>

/** Routes without a session: how an operator is set up and signs in. */
export const openRoutes = [
  'GET /login',
  'POST /login',
  'GET /login/factor',
  'POST /login/factor',
  'GET /login/recovery',
  'GET /invitation/:token',
  'POST /invitation/:token',
  'GET /setup/factor',
  'POST /setup/factor',
  'GET /setup/recovery-codes',
  'POST /setup/recovery-codes',
  'GET /setup/done',
] as const

export type ConsoleRoute = keyof typeof consoleAccess
export type OpenRoute = (typeof openRoutes)[number]

/** The pages in the navigation, in its order. */
const pages: readonly { readonly path: string; readonly title: MessageCode }[] = [
  { path: '/', title: 'console.home.title' },
  { path: '/lookup', title: 'lookup.title' },
  { path: '/cases', title: 'cases.title' },
  { path: '/counter-proofs', title: 'counterProofs.title' },
  { path: '/clients', title: 'clients.title' },
  { path: '/banks', title: 'banks.title' },
  { path: '/notices', title: 'notices.title' },
  { path: '/keys', title: 'keys.title' },
  { path: '/operators', title: 'operators.title' },
  { path: '/stats', title: 'stats.title' },
  { path: '/reviews', title: 'reviews.title' },
  { path: '/audit', title: 'auditLog.title' },
]

/** The pages that a role may use. */
export const pagesOf = (role: Role) =>
  pages.filter(({ path }) => rolesOf(`GET ${path}`).includes(role))

export const rolesOf = (route: string): readonly Role[] =>
  consoleAccess[route as ConsoleRoute] ?? []
