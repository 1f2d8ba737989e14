const caep = 'https://schemas.openid.net/secevent/caep/event-type/'
const risc = 'https://schemas.openid.net/secevent/risc/event-type/'
const framework = 'https://schemas.openid.net/secevent/ssf/event-type/'

/** The events that a stream can contain (CAEP 1.0, 3; RISC 1.0, 2), by the last part of their URIs. */
export const eventTypes = {
  'session-revoked': `${caep}session-revoked`,
  'credential-change': `${caep}credential-change`,
  'assurance-level-change': `${caep}assurance-level-change`,
  'account-disabled': `${risc}account-disabled`,
  'account-enabled': `${risc}account-enabled`,
  'account-purged': `${risc}account-purged`,
  'recovery-activated': `${risc}recovery-activated`,
} as const

/** The events about a stream itself, which each stream contains (Shared Signals Framework 1.0, 8.1.4 and 8.1.5). */
export const streamEventTypes = {
  verification: `${framework}verification`,
  'stream-updated': `${framework}stream-updated`,
} as const

export const pushDelivery = 'urn:ietf:rfc:8935'
export const pollDelivery = 'urn:ietf:rfc:8936'

/** The namespace of the assurance levels of events, which are those of `verified_claims`. */
export const assuranceNamespace = 'urn:uup:assurance-level'

/** The CAEP Interoperability Profile 1.0 (2.6) requires this algorithm, whatever the client prefers for ID tokens. */
export const eventAlgorithm = 'RS256'

/** The content type of a pushed event (RFC 8935, 2.1). */
export const eventMediaType = 'application/secevent+jwt'
