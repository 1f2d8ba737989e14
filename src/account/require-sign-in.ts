import type { Middleware } from 'koa'
import type { Accounts } from '../ports/accounts.ts'
import type { AccountLogin } from '../web/account-login.ts'
import type { WebState } from '../web/context.ts'

/**
 * Sets `ctx.state.signedIn` for people who are signed in; sends others to the login, which leads back. An account in
 * its closing period counts as signed out. Paths that match `afterSignOut` pass without a sign-in.
 */
export const requireSignIn =
  (
    accountLogin: AccountLogin,
    accounts: Pick<Accounts, 'findById'>,
    afterSignOut: RegExp,
  ): Middleware<WebState> =>
  async (ctx, next) => {
    const present = await accountLogin.present(ctx)
    const account = present && (await accounts.findById(present.accountId))
    if (!account || account.closingSince)
      return afterSignOut.test(ctx.path) ? next() : accountLogin.ask(ctx, pageOf(ctx.path))
    ctx.state.signedIn = { account, signIn: present.signIn }
    await next()
  }

/** `/account/details/ID/details` is a step of the page `/account/details`; the flow ID does not outlive the sign-in. */
const pageOf = (path: string): string => path.split('/').slice(0, 3).join('/')
