import type { InteractionResults } from 'oidc-provider'
import type { MessageCode } from '../../../config/messages.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Context } from '../../web/context.ts'
import { forgeryToken } from '../../web/http/forgery-token.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { caseNumberOf, withCaseNumber } from '../../web/page/case-number.ts'
import { type Render, setRefusalStatus } from '../../web/page/render-page.ts'
import { clientLinkOf } from '../clients/client-links.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { personChanged } from '../provider/prompt-policy.ts'
import type { WaitingInteraction } from './interaction.ts'
import { dropSessionResults } from './interaction-session.ts'

/** The page of one prompt of an authorization request, and the handler of its form. */
export type PromptPage = {
  /** The page is about the person who is signed in; if nobody is, the request starts its prompts again. */
  readonly needsPerson?: true
  show(ctx: Context, found: WaitingInteraction): unknown
  submit(ctx: Context, found: WaitingInteraction): unknown
}

const caseKey = 'caseNumber'

/** The actions that the pages of all prompts share. */
export type PromptActions = ReturnType<typeof promptActions>

export function promptActions(current: CurrentProvider, render: Render) {
  return {
    /**
     * Ends the interaction. Results of earlier prompts stay, except a consent that was given before another sign-in,
     * since it may be another person's.
     */
    async finish(
      ctx: Context,
      { interaction: { lastSubmission = {} } }: WaitingInteraction,
      result: InteractionResults,
    ): Promise<void> {
      const { consent: _, ...withoutConsent } = lastSubmission
      const all = { ...(result.login ? withoutConsent : lastSubmission), ...result }
      const alone = { mergeWithLastSubmission: false }
      seeOther(ctx, await current().interactionResult(ctx.req, ctx.res, all, alone))
    },

    /** Stores a value for the next request of the same interaction, and redirects to it. */
    async keep(
      ctx: Context,
      { interaction }: WaitingInteraction,
      kept: InteractionResults,
      next = `/interaction/${interaction.uid}`,
    ): Promise<void> {
      interaction.result = { ...interaction.result, ...kept }
      await interaction.persist()
      seeOther(ctx, next)
    },

    /**
     * Files a refusal that the person may ask support about; all attempts of one authorization request share one case
     * number (decision 0165).
     */
    async fileRefusal(
      { interaction }: WaitingInteraction,
      refused: Refusal,
      cases: Cases,
    ): Promise<Refusal> {
      const earlier = interaction.result?.[caseKey]
      const filed = await withCaseNumber(refused, earlier as string | undefined, cases)
      const caseNumber = caseNumberOf(filed)
      if (caseNumber && caseNumber !== earlier) {
        interaction.result = { ...interaction.result, [caseKey]: caseNumber }
        await interaction.persist()
      }
      return filed
    },

    /**
     * Starts the prompts of the request again, because another person or nobody is signed in now. Another person has to
     * confirm that they want to continue.
     */
    async restartPrompts(
      ctx: Context,
      { interaction, signedInNow }: WaitingInteraction,
    ): Promise<void> {
      dropSessionResults(interaction)
      delete interaction.session
      const asked = { create: {}, ...(signedInNow === 'another' && { [personChanged]: {} }) }
      interaction.result = { ...interaction.lastSubmission, ...asked }
      await interaction.persist()
      seeOther(ctx, interaction.returnTo)
    },

    page(
      ctx: Context,
      found: WaitingInteraction,
      view: string,
      title: MessageCode,
      more: { readonly refusals?: readonly Refusal[]; readonly [name: string]: unknown },
    ): void {
      const { uid } = found.interaction
      if (more.refusals?.length) setRefusalStatus(ctx, more.refusals)
      render(ctx, view, {
        ...more,
        title,
        signingIn: true,
        origin: clientLinkOf(found.client),
        // The client's own policy and terms (OpenID Connect Dynamic Client Registration 1.0, 2).
        papers: { policy: found.client.policyUri, terms: found.client.tosUri },
        interaction: uid,
        formAction: `/interaction/${uid}`,
        token: forgeryToken(formSecretOf(ctx, found)),
      })
    },
  }
}

/** The id of the browser is in a cookie that no other site can read. */
export const formSecretOf = (ctx: Context, { interaction }: WaitingInteraction): string =>
  `${interaction.uid} ${ctx.state.browser}`
