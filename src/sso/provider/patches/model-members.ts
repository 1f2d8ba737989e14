import type { Provider } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

type Members = {
  readonly statics?: readonly string[]
  readonly members?: readonly string[]
  /** Fields that are stored. */
  readonly fields?: readonly string[]
}

/**
 * Patches: nothing; lists what we read and call of oidc-provider's models and contexts outside `patches/`.
 * Why: the documentation shows how a grant is created and a session is read, and the example adapter names the stored
 * fields; most methods stand in the type definitions alone, which another project maintains.
 * Shown by: all of test/sso.
 * On an upgrade: a missing name is usually a renamed one; look at lib/models.
 */
const used = {
  AccessToken: { fields: ['claims', 'grantId'] },
  Client: { statics: ['find', 'validate'], members: ['clientAuthMethod', 'sectorIdentifier'] },
  ClientCredentials: {
    statics: ['find'],
    members: ['isSenderConstrained', 'scopes'],
    fields: ['jkt', 'x5t#S256'],
  },
  DeviceCode: { fields: ['accountId', 'error', 'userCode'] },
  Grant: {
    statics: ['find'],
    members: [
      ...['addOIDCClaims', 'addOIDCScope', 'addResourceScope', 'rejectOIDCClaims'],
      ...['rejectOIDCScope', 'getOIDCClaims', 'getOIDCClaimsEncountered', 'getOIDCScope'],
      ...['getRejectedOIDCClaims', 'getRejectedOIDCScope', 'save'],
    ],
    fields: ['openid', 'rejected', 'resources'],
  },
  Interaction: {
    statics: ['find'],
    members: ['persist', 'uid'],
    fields: ['grantId', 'lastSubmission', 'params', 'prompt', 'result', 'returnTo', 'session'],
  },
  ReplayDetection: { statics: ['unique'] },
  OIDCContext: {
    members: [
      ...['account', 'client', 'entity', 'grant', 'prompts', 'requestParamClaims'],
      ...['requestParamOIDCScopes', 'requestParamScopes'],
    ],
  },
  Session: {
    statics: ['findByUid', 'get'],
    members: ['grantIdFor', 'past'],
    fields: ['accountId', 'acr', 'amr', 'authorizations', 'loginTs', 'state', 'uid'],
  },
} as const satisfies Readonly<Record<string, Members>>

type Model = { readonly prototype: object; readonly IN_PAYLOAD?: readonly string[] }

export function assertModelMembers(provider: Provider): void {
  for (const [name, { statics = [], members = [], fields = [] }] of Object.entries<Members>(used)) {
    const model = provider[name as keyof typeof used] as unknown as Model
    const expect = (isThere: unknown, member: string) =>
      assertSeam(isThere, 'model-members', `${name} has ${member}`)
    for (const member of statics) expect(member in model, `a static ${member}`)
    for (const member of members) expect(member in model.prototype, member)
    for (const field of fields) expect(model.IN_PAYLOAD?.includes(field), `the field ${field}`)
  }
}
