import Router from '@koa/router'
import { type MessageCode, say } from '../../config/messages.ts'
import type { Locale } from '../../config/sentences.ts'
import { ownerOf } from '../people/signed-in.ts'
import type { Audit, AuditEvent, RecordedEvent } from '../ports/audit.ts'
import type { Places } from '../ports/services/places.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { ClientLinks } from '../ports/sso/client-links.ts'
import type { WebState } from '../web/context.ts'
import type { Render } from '../web/page/render-page.ts'

export type RecordsPorts = {
  readonly audit: Audit
  readonly clientLinks: ClientLinks
  readonly accountSessions: Pick<AccountSessions, 'authorisedClients'>
  readonly places: Places
}

/** So many events does the page show. */
const most = 50

/** 登录记录: the last sign-ins and security events of the account, in words. */
export function recordsRoutes(ports: RecordsPorts, render: Render) {
  const router = new Router<WebState>()
  router.get('/account/records', async (ctx) =>
    render(ctx, 'account/records', {
      title: 'account.records.title',
      records: await recordsOf(ownerOf(ctx.state).account.id, most, ctx.state.locale, ports),
    }),
  )
  return router
}

/** The account's own events, the latest first; `system` is a name, `address` where it came from. */
export async function recordsOf(
  accountId: string,
  atMost: number,
  locale: Locale,
  { audit, clientLinks, places, accountSessions }: RecordsPorts,
) {
  const events = (await audit.latest(accountId, atMost)).filter(isPersonal)
  const ids = [...new Set(events.flatMap(({ clientId }) => clientId ?? []))]
  const found = await Promise.all(ids.map((id) => clientLinks.find(id)))
  // One that is gone left its name with what it was allowed.
  const before = found.includes(undefined) ? await accountSessions.authorisedClients(accountId) : []
  const nameOf = (id: string) =>
    found[ids.indexOf(id)]?.name ?? before.find(({ clientId }) => clientId === id)?.name
  return events.map(({ what, at, address, clientId }) => ({
    sentence: sentenceOf(what),
    at,
    address,
    place: places(address),
    ...(clientId && { system: nameOf(clientId) ?? say(locale, 'account.system.gone') }),
  }))
}

/** Those that tell about an account; the others never name one. */
type Personal = Exclude<
  AuditEvent['what'],
  `${'client' | 'key' | 'case' | 'terminal'}-${string}` | 'bank-asked' | 'registry-asked'
>

const isPersonal = (event: RecordedEvent): event is RecordedEvent & { readonly what: Personal } =>
  !/^(client|key|case|terminal)-|^(bank|registry)-asked$/.test(event.what)

const sentenceOf = (what: Personal): MessageCode => `event.${what}`
