import { callback } from '../test/sso/platform.ts'
import { smallProvider } from '../test/support/small-provider.ts'

/** oidc-provider with a Map as its store and nothing around it, for `bench/main.ts`: writes where it listens. */
console.log((await smallProvider([callback], callback)).issuer)
