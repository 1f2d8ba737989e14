import { dayInChina } from '../../people/fields/birthdate.ts'
import type { UnprovedAccount } from '../../people/unproved-account.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Clock } from '../../ports/clock.ts'
import type { FlowKey, Flows } from '../../ports/flows.ts'
import type { Context } from '../../web/context.ts'
import { beginFlow } from '../../web/flow/begin-flow.ts'
import { type FlowState, newState } from '../../web/flow/flow-state.ts'
import { clientLinkOf } from '../clients/client-links.ts'
import type { WaitingInteraction } from '../login/interaction.ts'
import type { PromptActions } from '../login/prompt-page.ts'
import { handOverOf } from './real-name-hand-over.ts'
import type { RealName } from './real-name-step.ts'

export type RealNameSignInPorts = {
  readonly accounts: Pick<Accounts, 'findById'>
  readonly clock: Clock
  readonly flows: Flows
}

/** The key of an interaction's result: the flow 实名认证 that it waits for. */
const flowKey = 'realName'

/**
 * The part of a login that follows the right password of an unproved account. Nobody is signed in before the proof: the
 * interaction keeps the key of the flow, and the provider has no session.
 */
export function realNameSignIn(
  { keep }: Pick<PromptActions, 'keep'>,
  { accounts, clock, flows }: RealNameSignInPorts,
) {
  return {
    async begin(ctx: Context, found: WaitingInteraction, unproved: UnprovedAccount): Promise<void> {
      const path = unproved.document.type === 'uscc' ? 'real-name/organisation' : 'real-name'
      const system = clientLinkOf(found.client) ?? { id: '', name: '' }
      const origin = { ...system, interaction: found.interaction.uid }
      const given = handOverOf(unproved, dayInChina(clock()))
      const key = await beginFlow(ctx, path, newState(origin, given), flows)
      await keep(ctx, found, { [flowKey]: { ...key } }, `/${path}/${key.id}`)
    },

    /** The account of a flow that has ended, unless the account changed since then. */
    async finished({ interaction }: WaitingInteraction) {
      const key = interaction.result?.[flowKey] as FlowKey | undefined
      const opened = key && (await flows.read(key))
      if (!opened || typeof opened === 'string') return undefined
      const { done } = opened.state as FlowState<{ readonly bank: RealName }>
      const account = done && (await accounts.findById(done.result.id))
      if (!account || account.version !== done.result.version) return undefined
      return { account, level: done.result.level }
    },
  }
}
