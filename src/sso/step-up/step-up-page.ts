import type { Level } from '../../../config/acr.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Audit } from '../../ports/audit.ts'
import type { FlowKey, Flows } from '../../ports/flows.ts'
import type { Context } from '../../web/context.ts'
import { beginFlow } from '../../web/flow/begin-flow.ts'
import { type FlowState, newState } from '../../web/flow/flow-state.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import { clientLinkWithLogin } from '../clients/client-links.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import type { WaitingInteraction } from '../login/interaction.ts'
import { loginResult } from '../login/login-page.ts'
import type { PromptActions, PromptPage } from '../login/prompt-page.ts'

export type StepUpPagePorts = {
  readonly accounts: Pick<Accounts, 'findById'>
  readonly flows: Flows
  readonly audit: Audit
}

/** 验证身份: starts the flow in `step-up/`, which returns here; its result raises the level of the sign-in. */
export function stepUpPage(
  { keep, finish }: PromptActions,
  current: CurrentProvider,
  { accounts, flows, audit }: StepUpPagePorts,
): PromptPage {
  async function show(ctx: Context, found: WaitingInteraction) {
    const { interaction, client } = found
    const { accountId, uid: session } = interaction.session ?? {}
    const account = accountId ? await accounts.findById(accountId) : undefined
    // The account is gone, and the sign-in with it: the provider decides again.
    if (!account) return seeOther(ctx, interaction.returnTo)
    const path = `step-up/${interaction.prompt.details['level']}`
    const kept = interaction.result?.['step_up'] as FlowKey | undefined
    const state = kept && (await flowStateOf(kept, flows))
    if (!kept || !state || state.path !== path || state.owner !== account.id) {
      ctx.state.signedIn = { account, signIn: session ?? '' }
      const system = clientLinkWithLogin(client, current()) ?? { id: '', name: '' }
      const origin = { ...system, interaction: interaction.uid }
      const key = await beginFlow(ctx, path, newState(origin), flows)
      return keep(ctx, found, { step_up: { ...key } }, `/${path}/${key.id}`)
    }
    if (!state.done) return seeOther(ctx, `/${path}/${kept.id}`)
    const { address } = visitorOf(ctx, false)
    const { clientId } = client
    const level = state.done.result
    const lifted = loginResult(account, level)
    const since = await loginTimeOf(found, current)
    await audit.record({
      what: 'stepped-up',
      accountId: account.id,
      clientId,
      address,
      detail: level,
    })
    return finish(ctx, found, {
      step_up: { level },
      login: { ...lifted, ...(since && { ts: since }) },
    })
  }

  return { needsPerson: true, show, submit: show }
}

async function flowStateOf(key: FlowKey, flows: Flows) {
  const found = await flows.read(key)
  return typeof found === 'string'
    ? undefined
    : (found.state as FlowState<Readonly<Record<string, Level>>>)
}

/**
 * The time of the sign-in in seconds since 1970, which a step-up leaves as it was (`auth_time`). Undefined if the
 * person signed in for this very request.
 */
async function loginTimeOf({ interaction }: WaitingInteraction, current: CurrentProvider) {
  const { lastSubmission, session } = interaction
  if (lastSubmission?.login || !session?.uid) return undefined
  return (await current().Session.findByUid(session.uid))?.loginTs
}
