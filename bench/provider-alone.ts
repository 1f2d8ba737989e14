import { callback } from '../test/sso/platform.ts'
import { smallProvider } from '../test/support/small-provider.ts'

/** Runs oidc-provider alone with a Map as its store, as the baseline of `bench/main.ts`. Prints its address. */
console.log((await smallProvider([callback], callback)).issuer)
