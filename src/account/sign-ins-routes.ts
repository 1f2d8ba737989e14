import Router from '@koa/router'
import { signedInOf } from '../people/signed-in-account.ts'
import type { Audit } from '../ports/audit.ts'
import type { LocateAddress } from '../ports/services/locate-address.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { WebState } from '../web/context.ts'
import { readForm } from '../web/http/read-form.ts'
import { seeOther } from '../web/http/see-other.ts'
import { visitorOf } from '../web/http/visitor-of.ts'
import type { Render } from '../web/page/render-page.ts'
import { rejectForged } from './account-frame.ts'

export type SignInsPorts = {
  readonly accountSessions: AccountSessions
  readonly locateAddress: LocateAddress
  readonly audit: Audit
}

const path = '/account/sign-ins'

/** 登录与设备: the devices where the account is signed in, and 退出 for one of them or for all others. */
export function signInsRoutes(
  { accountSessions, locateAddress, audit }: SignInsPorts,
  render: Render,
) {
  const router = new Router<WebState>()

  router.get(path, async (ctx) => {
    const { account, signIn: here } = signedInOf(ctx.state)
    const listed = await accountSessions.list(account.id)
    const own = listed.filter(({ id }) => id === here)
    const others = listed.filter(({ id }) => id !== here)
    render(ctx, 'account/sign-ins', {
      title: 'account.signIns.title',
      signIns: [...own, ...others].map((each) => ({
        ...each,
        place: locateAddress(each.address),
        here: each.id === here,
      })),
      ended: ended.find((which) => which === ctx.query['ended']),
    })
  })

  /** Ending a sign-in that has already ended succeeds, since the result is the same. */
  router.post(path, readForm, rejectForged, async (ctx) => {
    const { account, signIn: here } = signedInOf(ctx.state)
    const { signIn } = ctx.state.typed
    const all = signIn === 'others'
    if (all) await accountSessions.endAll(account.id, { except: here })
    else if (signIn && signIn !== here) await accountSessions.end(account.id, signIn)
    else ctx.throw(400)
    const { address } = visitorOf(ctx, false)
    await audit.record({ what: 'sign-ins-ended', accountId: account.id, address })
    seeOther(ctx, `${path}?ended=${all ? 'others' : 'one'}`)
  })

  return router
}

const ended = ['one', 'others'] as const
