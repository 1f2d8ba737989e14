import type { Configuration } from 'oidc-provider'

export type Features = NonNullable<Configuration['features']>

/** How the provider does something that `config/oidc.ts` says it does. */
export type Feature<Name extends keyof Features> = Omit<NonNullable<Features[Name]>, 'enabled'>
