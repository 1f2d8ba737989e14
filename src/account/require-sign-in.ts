import type { Middleware } from 'koa'
import type { Accounts } from '../ports/accounts.ts'
import type { AccountLogin } from '../web/account-login.ts'
import type { WebState } from '../web/context.ts'

/**
 * Lets whoever is signed in pass, with their account as it is now; everybody else goes to the login and comes back.
 * An account that is closing has no sign-ins. `ownEnd`: pages that come after the sign-in.
 */
export const signedIn =
  (
    accountLogin: AccountLogin,
    accounts: Pick<Accounts, 'findById'>,
    ownEnd: RegExp,
  ): Middleware<WebState> =>
  async (ctx, next) => {
    const present = await accountLogin.present(ctx)
    const account = present && (await accounts.findById(present.accountId))
    if (!account || account.closingSince)
      return ownEnd.test(ctx.path) ? next() : accountLogin.ask(ctx, startOf(ctx.path))
    ctx.state.signedIn = { account, signIn: present.signIn }
    await next()
  }

/** `/account/details/ID/details` is a step of what began at `/account/details`; nothing half done waits for anybody. */
const startOf = (path: string): string => path.split('/').slice(0, 3).join('/')
