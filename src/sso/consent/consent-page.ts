import type { Accounts } from '../../ports/accounts.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Context } from '../../web/context.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import { claimLabel } from '../../web/page/claim-label.ts'
import { clientHostsOf } from '../clients/client-hosts.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import type { WaitingInteraction } from '../login/interaction.ts'
import type { PromptActions, PromptPage } from '../login/prompt-page.ts'
import {
  missingResources,
  requestedConsent,
  saveConsent,
  withheldEarlier,
} from './consent-choices.ts'
import { choicesOnPage, consentGroups } from './consent-groups.ts'
import { consentValues } from './consent-values.ts'

export type ConsentPorts = {
  readonly accounts: Pick<Accounts, 'findById'>
  readonly audit: Audit
  readonly clock: Clock
}

/** The name of a choice's checkbox; a dot in it would create a nested field. */
const fieldOf = (id: string) => `give-${id.replace('.', '-')}`

/** 授权: for clients that do not belong to the bureau. */
export function consentPage(
  { page, finish, restartPrompts }: PromptActions,
  current: CurrentProvider,
  { accounts, audit, clock }: ConsentPorts,
): PromptPage {
  /** The content of the page for the person who is signed in; undefined if their account is gone. */
  async function contentFor(ctx: Context, { interaction, client }: WaitingInteraction) {
    const { accountId } = interaction.session ?? {}
    const account = accountId ? await accounts.findById(accountId) : undefined
    if (!account) return undefined
    const { choices, ...consent } = requestedConsent(interaction, client)
    const shownOf = consentValues(account, ctx.state.locale, clock())
    return { account, choices, groups: consentGroups({ ...consent, choices }, shownOf) }
  }

  return {
    needsPerson: true,

    async show(ctx, found) {
      const { interaction, client } = found
      const content = await contentFor(ctx, found)
      if (!content) return restartPrompts(ctx, found)
      const withheld = await withheldEarlier(interaction, content.choices, current())
      const groups = content.groups.map(({ ticks, ...group }) => ({
        ...group,
        ticks: ticks.map(({ id, rows }) => {
          return { field: fieldOf(id), rows, isGiven: !withheld.includes(id) }
        }),
      }))
      page(ctx, found, 'sso/consent', 'consent.title', {
        groups,
        labelOf: (name: string) => claimLabel(name, content.account),
        hasTicks: choicesOnPage(content.groups).length > 0,
        resources: Object.keys(missingResources(interaction)),
        hosts: clientHostsOf(client, interaction.params['redirect_uri']),
        isOwn: client['first_party'] === true,
      })
    },

    async submit(ctx: Context, found: WaitingInteraction) {
      const { interaction, client } = found
      const content = await contentFor(ctx, found)
      if (!content) return restartPrompts(ctx, found)
      const { typed } = ctx.state
      const { address } = visitorOf(ctx, false)
      const whose = { clientId: client.clientId, address, accountId: content.account.id }
      if (typed['action'] === 'refuse') {
        await audit.record({ what: 'consent-refused', ...whose })
        const refused = { error: 'access_denied', error_description: 'the person refused' }
        return finish(ctx, found, refused)
      }
      if (typed['action'] !== 'next') return ctx.throw(400)
      const ticks = choicesOnPage(content.groups)
      const withheld = ticks.filter((id) => typed[fieldOf(id)] !== 'yes')
      const grantId = await saveConsent(interaction, client, withheld, current())
      await audit.record({ what: 'consent-given', ...whose })
      return finish(ctx, found, { consent: { grantId } })
    },
  }
}
