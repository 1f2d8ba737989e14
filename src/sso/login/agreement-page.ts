import { type AgreementVersions, isAgreedTo } from '../../people/agreement.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Context } from '../../web/context.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import type { WaitingInteraction } from './interaction.ts'
import type { PromptActions, PromptPage } from './prompt-page.ts'

export type AgreementPorts = {
  readonly accounts: Pick<Accounts, 'findById' | 'agree'>
  readonly agreementVersions: AgreementVersions
  readonly audit: Audit
  readonly clock: Clock
}

/** 请确认用户协议和隐私政策: after a new version, and for accounts that are older than the agreement. */
export function agreementPage(
  { page, finish }: PromptActions,
  { accounts, agreementVersions: present, audit, clock }: AgreementPorts,
): PromptPage {
  const accountOf = async ({ interaction: { session } }: WaitingInteraction) =>
    session?.accountId ? accounts.findById(session.accountId) : undefined

  async function show(ctx: Context, found: WaitingInteraction) {
    const account = await accountOf(found)
    // The account is gone, or the person agreed in another tab: the provider decides again.
    if (!account || isAgreedTo(present, account.agreement))
      return seeOther(ctx, found.interaction.returnTo)
    const before = account.agreement
    page(ctx, found, 'sso/agreement', 'agreement.title', {
      lead: before ? 'agreement.lead.changed' : 'agreement.lead.first',
      texts: (['terms', 'privacy'] as const).map((name) => ({
        name,
        version: present[name],
        before: before?.[name],
      })),
      shown: versionsKey(present),
    })
  }

  async function submit(ctx: Context, found: WaitingInteraction) {
    const { typed } = ctx.state
    const account = await accountOf(found)
    if (!account) return seeOther(ctx, found.interaction.returnTo)
    const { address } = visitorOf(ctx, false)
    const whose = { clientId: found.client.clientId, address, accountId: account.id }
    if (typed['action'] === 'refuse') {
      await audit.record({ what: 'agreement-refused', ...whose })
      const refused = { error: 'access_denied', error_description: 'the person refused' }
      return finish(ctx, found, refused)
    }
    if (typed['action'] !== 'next') return ctx.throw(400)
    // A new version came into force after the page was rendered: show that one first.
    if (typed['shown'] !== versionsKey(present)) return show(ctx, found)
    await accounts.agree(account.id, { ...present, at: clock() })
    await audit.record({ what: 'agreement-given', ...whose })
    return finish(ctx, found, { agreement: {} })
  }

  return { needsPerson: true, show, submit }
}

/** The versions that a page showed. */
const versionsKey = ({ terms, privacy }: AgreementVersions) => `${terms} ${privacy}`
