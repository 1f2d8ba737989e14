import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { type Level, levelOf, meetsLevel } from '../../../config/acr.ts'

export type RequestedAcr = {
  /** In order of preference; unknown values are included. */
  readonly values: readonly string[]
  /** Whether the request fails without one of them (OpenID Connect Core 1.0, 5.5.1.1). */
  readonly essential: boolean
}

/** The requested `acr`: of the `claims` parameter, or of `acr_values` if that names none. */
function requestedAcr(params: Readonly<Record<string, unknown>>): RequestedAcr {
  const { claims, acr_values: list } = params
  const asked: unknown = typeof claims === 'string' ? JSON.parse(claims)?.id_token?.acr : undefined
  if (isAcrRequest(asked)) {
    const values = [asked.value, ...(Array.isArray(asked.values) ? asked.values : [])]
    const words = values.filter((value) => typeof value === 'string')
    if (words.length) return { values: words, essential: asked.essential === true }
  }
  return { values: typeof list === 'string' ? list.split(' ') : [], essential: false }
}

type AcrRequest = {
  readonly value?: unknown
  readonly values?: unknown
  readonly essential?: unknown
}
const isAcrRequest = (wish: unknown): wish is AcrRequest =>
  typeof wish === 'object' && wish !== null

/**
 * The level that the sign-in has to be raised to: the preferred one, if none of the requested levels has been reached.
 * With `prompt=none` only an essential level counts.
 */
export function missingLevel({ oidc }: KoaContextWithOIDC): Level | undefined {
  const { session, params = {}, prompts } = oidc
  if (!session?.accountId) return undefined
  const { values, essential } = requestedAcr(params)
  const known = values.flatMap((value) => levelOf(value) ?? [])
  const reached = levelOf(session.acr) ?? 'password'
  if (essential && known.length === 0)
    throw new errors.UnmetAuthenticationRequirements('none of the requested ACRs is supported')
  if (known.some((level) => meetsLevel(reached, level))) return undefined
  return essential || !prompts.has('none') ? known[0] : undefined
}

/** The `acr` of the answer: of the requested values the first that the sign-in has reached, else its own. */
export function acrFor(
  params: Readonly<Record<string, unknown>>,
  ofSession: string | undefined,
): string | undefined {
  const reached = levelOf(ofSession)
  const isMet = (value: string) => {
    const level = levelOf(value)
    return level && reached && meetsLevel(reached, level)
  }
  return requestedAcr(params).values.find(isMet) ?? ofSession
}
