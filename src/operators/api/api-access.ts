import type { AdminScope } from '../../../config/claims/own-scopes.ts'

/**
 * Every call of the operators' API with the scope that it needs (specification of the operators' side, section 11). A call
 * without a row is refused at start.
 */
export const apiAccess = {
  'POST /accounts/search': 'admin:accounts:read',
  'POST /accounts/:id/unlock': 'admin:accounts:write',
  'POST /accounts/:id/end-sessions': 'admin:accounts:write',
  'POST /accounts/:id/freeze': 'admin:accounts:freeze',
  'POST /accounts/:id/unfreeze': 'admin:accounts:freeze',
  'GET /clients': 'admin:clients',
  'POST /clients': 'admin:clients',
  'GET /clients/:id': 'admin:clients',
  'PATCH /clients/:id': 'admin:clients',
  'DELETE /clients/:id': 'admin:clients',
  'POST /clients/:id/secret': 'admin:clients',
  'GET /banks/:name/maintenance': 'admin:notices',
  'PUT /banks/:name/maintenance': 'admin:notices',
  'GET /notices': 'admin:notices',
  'POST /notices': 'admin:notices',
  'POST /notices/:id/withdraw': 'admin:notices',
  'GET /audit': 'admin:audit:read',
  'GET /stats': 'admin:stats:read',
  'GET /keys': 'admin:keys',
  'POST /keys/:alg/rotate': 'admin:keys',
  'POST /keys/:kid/withdraw': 'admin:keys',
} as const satisfies Readonly<Record<string, AdminScope>>

export type ApiRoute = keyof typeof apiAccess

/** The paths of all calls begin with it. */
export const adminApiPath = '/api/admin/v1'
