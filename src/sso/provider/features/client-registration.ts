import { randomBytes } from 'node:crypto'
import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Environment } from '../../../../config/environment/settings.ts'
import type { RegistrationRules } from '../../clients/metadata/registration-rules.ts'
import type { Features } from './feature-types.ts'

export type ClientRegistration = {
  /** The token with which any number of clients can be registered. */
  readonly initialAccessToken: string
  readonly rules: RegistrationRules
}

export const clientRegistrationOf = (env: Environment): ClientRegistration | undefined =>
  env.INITIAL_ACCESS_TOKEN === undefined
    ? undefined
    : {
        initialAccessToken: env.INITIAL_ACCESS_TOKEN,
        rules: { scopes: env.REGISTRATION_SCOPES, pkce: env.REGISTRATION_PKCE },
      }

const random = (bytes: number) => randomBytes(bytes).toString('base64url')

/** Dynamic registration and its management (RFC 7591, RFC 7592), if an operator has set an initial access token. */
export const registrationFeatures = (
  registration: ClientRegistration | undefined,
): Pick<Features, 'registration' | 'registrationManagement'> =>
  registration
    ? {
        registration: {
          enabled: true,
          initialAccessToken: registration.initialAccessToken,
          idFactory: () => random(16),
          secretFactory: () => random(32),
        },
        registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
      }
    : {}

/** The request that oidc-provider is handling. */
export function presentRequest(): KoaContextWithOIDC | undefined {
  const { ctx } = Provider as unknown as { readonly ctx: KoaContextWithOIDC | undefined }
  return ctx
}

/** The present request, if a client registers or updates itself. */
export function registrationRequest(): KoaContextWithOIDC | undefined {
  const ctx = presentRequest()
  return ctx && (ctx.oidc.route === 'registration' || ctx.method === 'PUT') ? ctx : undefined
}
