/** The scope of a terminal's access token (specification, section 8). */
export const terminalScope = 'terminal:phone-change'

/** The scopes of a receiver's access token for its event stream (CAEP Interoperability Profile 1.0, 2.7.2). */
export const streamScopes = { manage: 'ssf.manage', read: 'ssf.read' } as const

/** The scopes of the operators' API (specification of the operators' side, section 11). */
export const adminScopes = [
  'admin:accounts:read',
  'admin:accounts:write',
  'admin:accounts:freeze',
  'admin:clients',
  'admin:notices',
  'admin:audit:read',
  'admin:stats:read',
  'admin:keys',
] as const
export type AdminScope = (typeof adminScopes)[number]

/** The scopes of tokens that a client gets for itself (RFC 6749, 4.4); none of them is in a token of a person. */
export const ownScopes: readonly string[] = [
  terminalScope,
  ...Object.values(streamScopes),
  ...adminScopes,
]
