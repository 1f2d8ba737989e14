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
} as const satisfies Readonly<Record<string, AdminScope>>

export type ApiRoute = keyof typeof apiAccess

/** The paths of all calls begin with it. */
export const adminApiPath = '/api/admin/v1'
