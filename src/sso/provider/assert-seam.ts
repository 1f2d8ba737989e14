import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { version } = require('oidc-provider/package.json') as { readonly version: string }

/**
 * Stops the start when oidc-provider lacks something that a patch relies on and that its documentation does not promise.
 * @param patch the name of the patch's file in `patches/`
 * @param seam what the patch expects, as a statement
 */
export function assertSeam(isThere: unknown, patch: string, seam: string): asserts isThere {
  if (isThere) return
  throw new Error(
    `oidc-provider ${version} does not fit src/sso/provider/patches/${patch}.ts, which expects that ${seam}; see docs/oidc-provider-upgrade.md`,
  )
}

/** A module that oidc-provider does not export, by its path in `lib/`; empty when there is none. */
export async function internalModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const specifier = `oidc-provider/lib/${path}`
  return import(specifier).catch(() => ({}))
}
