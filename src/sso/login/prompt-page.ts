import type { InteractionResults } from 'oidc-provider'
import type { MessageCode } from '../../../config/messages.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Context } from '../../web/context.ts'
import { forgeryToken } from '../../web/http/forgery.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { caseNumberOf, withCaseNumber } from '../../web/page/case-number.ts'
import { type Render, showRefusals } from '../../web/page/page.ts'
import { clientLinkOf } from '../clients/client-links.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { personChanged } from '../provider/prompt-policy.ts'
import type { WaitingInteraction } from './interaction.ts'
import { forgetProofs } from './interaction-session.ts'

/** What one prompt of an authorization request shows, and what its form does. */
export type PromptPage = {
  /** It is about the person who is signed in: without them the request asks who is there first. */
  readonly needsPerson?: true
  show(ctx: Context, found: WaitingInteraction): unknown
  submit(ctx: Context, found: WaitingInteraction): unknown
}

const caseKey = 'caseNumber'

/** The same for every prompt: its page, the end of the interaction, and keeping on. */
export type PromptActions = ReturnType<typeof promptActions>

export function promptActions(current: CurrentProvider, render: Render) {
  return {
    /**
     * Ends the interaction; results of earlier prompts of the same request stay, but for a consent that came before
     * another sign-in: it is somebody else's, perhaps.
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

    /** Keeps something for the next request of the same interaction, and asks for that at once. */
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

    /** Files a refusal that support may be asked about: the tries at one request keep one case number (decision 0165). */
    async filed(
      { interaction }: WaitingInteraction,
      refused: Refusal,
      cases: Cases,
    ): Promise<Refusal> {
      const earlier = interaction.result?.[caseKey]
      const told = await withCaseNumber(refused, earlier as string | undefined, cases)
      const caseNumber = caseNumberOf(told)
      if (caseNumber && caseNumber !== earlier) {
        interaction.result = { ...interaction.result, [caseKey]: caseNumber }
        await interaction.persist()
      }
      return told
    },

    /**
     * Sends the request through its prompts once more, since another person or nobody is signed in by now; another person
     * is asked whether they mean to go on.
     */
    async askAnew(ctx: Context, { interaction, signedInNow }: WaitingInteraction): Promise<void> {
      forgetProofs(interaction)
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
      if (more.refusals?.length) showRefusals(ctx, more.refusals)
      render(ctx, view, {
        ...more,
        title,
        signingIn: true,
        origin: clientLinkOf(found.client),
        // OpenID Connect Registration 1.0, 2: what the system's own people want to be read.
        papers: { policy: found.client.policyUri, terms: found.client.tosUri },
        interaction: uid,
        formAction: `/interaction/${uid}`,
        token: forgeryToken(formSecretOf(ctx, found)),
      })
    },
  }
}

/** The browser's own id is a cookie that no other site can read. */
export const formSecretOf = (ctx: Context, { interaction }: WaitingInteraction): string =>
  `${interaction.uid} ${ctx.state.browser}`
