import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Level } from '../../../config/acr.ts'
import type { Clock } from '../../ports/clock.ts'
import { essentialMaxAge } from '../consent/requested-claims.ts'
import { missingLevel } from './requested-acr.ts'

const { Check, Prompt } = interactionPolicy

/**
 * 验证身份: a sign-in is lifted to what `acr_values` or the `claims` parameter ask for, and a proof that is older than a
 * system needs `verified_claims` to be is made anew (OpenID Connect for Identity Assurance 1.0, 5.5.2).
 */
export function stepUpPrompt(clock: Clock) {
  const levelFor = (ctx: KoaContextWithOIDC): Level | undefined =>
    isProofTooOld(ctx, clock()) ? 'bank' : missingLevel(ctx)
  return new Prompt(
    { name: 'step_up' },
    (ctx) => ({ level: levelFor(ctx) }),
    new Check(
      'acr_missing',
      'the requested ACR was not reached',
      'interaction_required',
      (ctx) => levelFor(ctx) !== undefined,
    ),
  )
}

/** Asked for once a request, and never where nothing may be shown: an answer without it is no error. */
function isProofTooOld({ oidc }: KoaContextWithOIDC, now: number): boolean {
  const { client, params = {}, account, prompts, result } = oidc
  const provedAt = account?.['provedAt']
  const wasAsked = (result?.['step_up'] as { level?: Level } | undefined)?.level === 'bank'
  if (!client || typeof provedAt !== 'number' || prompts.has('none') || wasAsked) return false
  const age = essentialMaxAge(params, client)
  return age !== undefined && now - provedAt > age * 1000
}
