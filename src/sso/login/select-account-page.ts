import type { Accounts } from '../../ports/accounts.ts'
import type { PromptActions, PromptPage } from './prompt-page.ts'

/**
 * 选择账户: continue with the account that is signed in here, or sign in with another (OpenID Connect Core 1.0, 3.1.2.1).
 */
export function selectAccountPage(
  { page, finish, keep }: PromptActions,
  accounts: Pick<Accounts, 'findById'>,
  login: PromptPage,
): PromptPage {
  return {
    async show(ctx, found) {
      const { session, result } = found.interaction
      const present = session?.accountId && !result?.['select_account']
      const account = present ? await accounts.findById(session.accountId) : undefined
      if (!account) return login.show(ctx, found)
      const { username } = account
      const unit = account.kind === 'organisation' ? account.unit.name : undefined
      return page(ctx, found, 'sso/select-account', 'selectAccount.title', { username, unit })
    },

    async submit(ctx, found) {
      const { session, result } = found.interaction
      const pressed = ctx.state.typed['action']
      if (pressed === 'other') return keep(ctx, found, { select_account: {} })
      // The person whom the page offered is no longer signed in.
      if (pressed === 'same' && !session) return keep(ctx, found, { select_account: {} })
      const chosen = session?.accountId && !result?.['select_account'] && pressed === 'same'
      return chosen ? finish(ctx, found, { select_account: {} }) : login.submit(ctx, found)
    },
  }
}
