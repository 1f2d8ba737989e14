import Router from '@koa/router'
import { type MessageCode, say } from '../../config/messages.ts'
import type { Locale } from '../../config/sentences.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import type { Audit, AuditEvent, RecordedEvent } from '../ports/audit.ts'
import type { LocateAddress } from '../ports/services/locate-address.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { ClientLinks } from '../ports/sso/client-links.ts'
import type { WebState } from '../web/context.ts'
import type { Render } from '../web/page/render-page.ts'

export type SecurityEventsPorts = {
  readonly audit: Audit
  readonly clientLinks: ClientLinks
  readonly accountSessions: Pick<AccountSessions, 'authorisedClients'>
  readonly locateAddress: LocateAddress
}

const eventsOnPage = 50

/** Events about costs. Strangers can cause many of them, which must not hide the others. */
const costs = ['bank-checked', 'sms-sent'] as const

/** 登录记录: the latest sign-ins and security events of the account, as sentences. */
export function securityEventsRoutes(ports: SecurityEventsPorts, render: Render) {
  const router = new Router<WebState>()
  router.get('/account/records', async (ctx) =>
    render(ctx, 'account/records', {
      title: 'account.records.title',
      records: await securityEventsOf(
        signedInOf(ctx.state).account.id,
        eventsOnPage,
        ctx.state.locale,
        ports,
      ),
    }),
  )
  return router
}

/**
 * The account's events, the latest first; `system` is the client's name, `address` the network address, `category` the
 * 事由类别 of an operator's look-up.
 */
export async function securityEventsOf(
  accountId: string,
  atMost: number,
  locale: Locale,
  { audit, clientLinks, locateAddress, accountSessions }: SecurityEventsPorts,
) {
  const events = (await audit.latest(accountId, atMost, costs)).filter(isAccountEvent)
  const ids = [...new Set(events.flatMap(({ clientId }) => clientId ?? []))]
  const found = await Promise.all(ids.map((id) => clientLinks.find(id)))
  // The name of a removed client is still stored with the person's authorisation.
  const before = found.includes(undefined) ? await accountSessions.authorisedClients(accountId) : []
  const nameOf = (id: string) =>
    found[ids.indexOf(id)]?.name ?? before.find(({ clientId }) => clientId === id)?.name
  return events.map(({ what, at, address, clientId, reasonKind }) => ({
    sentence: sentenceOf(what),
    at,
    // Neither the name nor the place of an operator is disclosed.
    ...(isByStaff(what)
      ? { category: reasonKind && say(locale, `reasonKind.${reasonKind}`) }
      : {
          ...{ address, place: locateAddress(address) },
          ...(clientId && { system: nameOf(clientId) ?? say(locale, 'account.system.gone') }),
        }),
  }))
}

/** The events of operators about an account. */
const byStaff: ReadonlySet<AuditEvent['what']> = new Set([
  'counter-proof-asked',
  'counter-proof-approved',
  'account-looked-up',
  'account-unlocked',
  'account-sign-ins-ended',
  'account-frozen',
  'account-unfrozen',
])

const isByStaff = (what: AuditEvent['what']): boolean => byStaff.has(what)

/** Events about an account; the other kinds never name one. */
type AccountEvent = Exclude<
  AuditEvent['what'],
  | `${'accounts' | 'client' | 'key' | 'data-key' | 'case' | 'terminal' | 'audit' | 'operator' | 'review' | 'notice' | 'maintenance'}-${string}`
  | (typeof costs)[number]
  | 'registry-asked'
  | 'budget-alarm'
>

const isAccountEvent = (
  event: RecordedEvent,
): event is RecordedEvent & { readonly what: AccountEvent } =>
  !/^(accounts|client|key|data-key|case|terminal|budget|audit|operator|review|notice|maintenance)-|^(bank|registry)-asked$|^bank-checked$|^sms-sent$/.test(
    event.what,
  )

const sentenceOf = (what: AccountEvent): MessageCode => `event.${what}`
