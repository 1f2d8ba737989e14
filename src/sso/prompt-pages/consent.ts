import type { Audit } from '../../ports/audit.ts'
import type { Context } from '../../web/context.ts'
import { visitorOf } from '../../web/visitor.ts'
import { agree, consentTo, missingResources, withheldBefore } from '../consent.ts'
import type { CurrentProvider } from '../current-provider.ts'
import type { Waiting } from '../interaction.ts'
import type { Interacting, PromptPage } from './prompt-page.ts'

/** What the checkbox of a choice is called in the form; a dot would make the field a nested one. */
const fieldOf = (id: string) => `withhold-${id.replace('.', '-')}`

/** 授权: for systems that are not the bureau's own. */
export function consentPage(
  { page, finish }: Interacting,
  current: CurrentProvider,
  audit: Audit,
): PromptPage {
  return {
    needsPerson: true,

    async show(ctx, found) {
      const { interaction, client } = found
      const { items, choices } = consentTo(interaction, client)
      const withheld = await withheldBefore(interaction, choices, current())
      page(ctx, found, 'sso/consent', 'consent.title', {
        items,
        resources: Object.keys(missingResources(interaction)),
        choices: choices.map((choice) => ({ ...choice, field: fieldOf(choice.id) })),
        typed: Object.fromEntries(withheld.map((id) => [fieldOf(id), 'yes'])),
      })
    },

    async submit(ctx: Context, found: Waiting) {
      const { interaction, client } = found
      const { accountId } = interaction.session ?? {}
      const { address } = visitorOf(ctx, false)
      const { typed } = ctx.state
      const whose = { clientId: client.clientId, address, ...(accountId && { accountId }) }
      if (typed['action'] === 'refuse') {
        await audit.record({ what: 'consent-refused', ...whose })
        const refused = { error: 'access_denied', error_description: 'the person refused' }
        return finish(ctx, found, refused)
      }
      if (typed['action'] !== 'next') return ctx.throw(400)
      const { choices } = consentTo(interaction, client)
      const withheld = choices.map(({ id }) => id).filter((id) => typed[fieldOf(id)] === 'yes')
      const grantId = await agree(interaction, client, withheld, current())
      await audit.record({ what: 'consent-given', ...whose })
      return finish(ctx, found, { consent: { grantId } })
    },
  }
}
