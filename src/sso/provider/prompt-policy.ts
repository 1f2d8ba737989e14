import { interactionPolicy } from 'oidc-provider'
import type { AgreementVersions } from '../../people/agreement.ts'
import type { Clock } from '../../ports/clock.ts'
import { requestedVerifiedClaims } from '../consent/requested-claims.ts'
import { agreementPrompt } from '../login/agreement-prompt.ts'
import { isStaleSignIn } from '../sessions/stale-sessions.ts'
import { stepUpPrompt } from '../step-up/step-up-prompt.ts'
import { changeCheck, promptOf, recallHint } from './patches/prompt-checks.ts'

const { Check, Prompt, base } = interactionPolicy

/**
 * When a page has to be shown: oidc-provider's own login and consent, and
 * - `prompt=create` (Initiating User Registration via OpenID Connect 1.0), fulfilled by a sign-in in its own
 *   interaction: registering alone signs nobody in;
 * - `prompt=select_account`, whoever is signed in, and once another person signed in while one was asked;
 * - the user agreement, once a version (`agreementPrompt`);
 * - a sign-in that has to be lifted (`stepUpPrompt`), in place of its own checks of `acr`, which would ask for the
 *   password again and again;
 * - `prompt=consent` of the bureau's own systems, which asks nothing (it brings them `offline_access`);
 * - verified claims that the person has not agreed to yet;
 * - a session whose account is gone, which is none;
 * - a sign-in from before the account changed (`isLate`), which is none either;
 * - a `max_age` that has passed, also while a sign-in was being lifted;
 * - `id_token_hint` of another account also after a sign-in, so that nobody else is answered for (Core, 3.1.2.1).
 */
export function promptPolicy(clock: Clock, versions: AgreementVersions, policy = base()) {
  const login = promptOf(policy, 'login')
  const consent = promptOf(policy, 'consent')
  const create = new Prompt({ name: 'create', requestable: true })
  create.checks.remove('create_prompt')
  create.checks.add(
    new Check('create_prompt', 'create prompt was not resolved', 'interaction_required', (ctx) => {
      const { oidc } = ctx
      return oidc.prompts.has('create') && !oidc.result?.login
    }),
  )
  policy.add(create, 0)
  policy.add(selectAccount(), 1)
  policy.add(agreementPrompt(versions), policy.indexOf(consent))
  policy.add(stepUpPrompt(clock), policy.indexOf(consent))
  for (const check of ['essential_acrs', 'essential_acr']) login.checks.remove(check)
  login.checks.add(asking('account_gone', accountIsGone))
  login.checks.add(asking('account_changed', isStaleSignIn))
  changeCheck(login, 'max_age', (isPast) => (ctx) => isPast(ctx) || isOlder(ctx))
  changeCheck(login, 'id_token_hint', (isOther) => (ctx) => {
    recallHint(ctx)
    return isOther(ctx)
  })
  consent.checks.add(
    new Check('verified_claims_missing', 'claims not granted', 'consent_required', lacksVerified),
  )
  changeCheck(consent, 'consent_prompt', (isAsked) => (ctx) => {
    return !ctx.oidc.client?.['first_party'] && isAsked(ctx)
  })
  return policy
}

/** A result of an interaction: whoever is signed in now is not the person that its page was about. */
export const personChanged = 'person_changed'

/** Asked for by the request, and where another person signed in while one was asked. */
function selectAccount() {
  const prompt = new Prompt({ name: 'select_account', requestable: true })
  prompt.checks.add(
    new Check(
      'person_changed',
      'another End-User is signed in',
      'account_selection_required',
      (ctx) => {
        const { result, session } = ctx.oidc
        const isUnknown = result?.[personChanged] !== undefined && !result['select_account']
        return isUnknown && session?.accountId !== undefined
      },
    ),
  )
  return prompt
}

type Ask = interactionPolicy.Check['check']

const asking = (reason: string, check: Ask) =>
  new Check(reason, 'End-User authentication is required', 'login_required', check)

const accountIsGone: Ask = ({ oidc: { session, account } }) =>
  session?.accountId !== undefined && account === undefined

/** Zero is `prompt=login` (Core, 3.1.2.1), also within the second of a login. */
const isOlder: Ask = ({ oidc: { params, result, session } }) => {
  const { max_age: most } = params ?? {}
  if (most === undefined) return false
  if (!result?.login) return Number(most) === 0
  // Lifting a sign-in takes time, and leaves `auth_time` as it was.
  return result.login.ts !== undefined && session?.past(Number(most)) === true
}

/** Verified claims are agreed to one by one. */
const lacksVerified: Ask = ({ oidc: { params = {}, client, entities } }) => {
  const known = entities.Grant?.getOIDCClaimsEncountered() ?? []
  const names = client ? requestedVerifiedClaims(params, client) : []
  return names.some((name) => !known.includes(name))
}
