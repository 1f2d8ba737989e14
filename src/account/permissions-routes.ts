import Router from '@koa/router'
import { claimGroupOf, claimGroups } from '../../config/claims/claim-groups.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import type { Audit } from '../ports/audit.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { WebState } from '../web/context.ts'
import { readForm } from '../web/http/read-form.ts'
import { seeOther } from '../web/http/see-other.ts'
import { visitorOf } from '../web/http/visitor-of.ts'
import { claimLabel } from '../web/page/claim-label.ts'
import type { Render } from '../web/page/render-page.ts'
import { rejectForged } from './account-frame.ts'

export type PermissionsPorts = { readonly accountSessions: AccountSessions; readonly audit: Audit }

const path = '/account/permissions'

/** 授权管理: the clients that may read data of the person, and 撤销授权 (specification, section 6). */
export function permissionsRoutes({ accountSessions, audit }: PermissionsPorts, render: Render) {
  const router = new Router<WebState>()

  router.get(path, async (ctx) => {
    const { account } = signedInOf(ctx.state)
    const systems = await accountSessions.authorisedClients(account.id)
    render(ctx, 'account/permissions', {
      title: 'account.permissions.title',
      systems: systems.map((system) => ({ ...system, groups: groupsOf(system.given) })),
      labelOf: (name: string) => claimLabel(name, account),
      withdrawn: ctx.query['withdrawn'] === '1',
    })
  })

  /** Withdrawing a second time succeeds, since the result is the same. */
  router.post(path, readForm, rejectForged, async (ctx) => {
    const { id: accountId } = signedInOf(ctx.state).account
    const { system } = ctx.state.typed
    const known = (await accountSessions.authorisedClients(accountId)).find(
      ({ clientId }) => clientId === system,
    )
    if (known) {
      const { clientId } = known
      await accountSessions.withdraw(accountId, clientId)
      const { address } = visitorOf(ctx, false)
      await audit.record({ what: 'consent-withdrawn', accountId, clientId, address })
    }
    seeOther(ctx, `${path}?withdrawn=1`)
  })

  return router
}

/** The claims disclosed to a client, in the groups of the consent page. */
const groupsOf = (given: readonly string[]) =>
  claimGroups
    .map((group) => ({ group, claims: given.filter((name) => claimGroupOf(name) === group) }))
    .filter(({ claims }) => claims.length)
