import type { Configuration } from 'oidc-provider'

export type Features = NonNullable<Configuration['features']>

/** The options of a feature that `config/oidc.ts` turns on. */
export type Feature<Name extends keyof Features> = Omit<NonNullable<Features[Name]>, 'enabled'>
