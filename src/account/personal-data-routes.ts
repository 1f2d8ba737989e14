import Router from '@koa/router'
import * as z from 'zod'
import { say } from '../../config/messages.ts'
import type { Locale } from '../../config/sentences.ts'
import type { Account } from '../people/account.ts'
import { maskedIdNumber } from '../people/fields/id-document.ts'
import { typedPassword } from '../people/fields/password.ts'
import { maskedName } from '../people/fields/person-name.ts'
import { maskedPhone } from '../people/fields/phone.ts'
import type { Refusal } from '../people/refusal.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { Context, WebState } from '../web/context.ts'
import { refusalsOf } from '../web/flow/flow-definition.ts'
import { readForm } from '../web/http/read-form.ts'
import { visitorOf } from '../web/http/visitor-of.ts'
import { type Render, setRefusalStatus } from '../web/page/render-page.ts'
import { maskedDocument } from '../web/steps/document-options.ts'
import { rejectForged } from './account-frame.ts'
import { type PresentPasswordPorts, provePresentPassword } from './present-password-proof.ts'
import { type SecurityEventsPorts, securityEventsOf } from './security-events-routes.ts'

export type PersonalDataPorts = SecurityEventsPorts &
  PresentPasswordPorts & { readonly accountSessions: AccountSessions }

const path = '/account/data'
const downloadForm = z.object({ presentPassword: typedPassword })
/** Larger than the number of events of any account in the year for which they are kept. */
const allEvents = 10_000

/** 我的数据: all data stored about the person, masked on the page, and complete as JSON after the password is typed. */
export function personalDataRoutes(ports: PersonalDataPorts, render: Render) {
  const router = new Router<WebState>()

  function showData(ctx: Context, refusals: readonly Refusal[] = []) {
    if (refusals.length) setRefusalStatus(ctx, refusals)
    const { account } = signedInOf(ctx.state)
    render(ctx, 'account/data', {
      title: 'account.data.title',
      account: maskedData(account, ctx.state.locale),
      typed: {},
      refusals,
    })
  }

  router.get(path, (ctx) => showData(ctx))

  router.post(path, readForm, rejectForged, async (ctx) => {
    const { account } = signedInOf(ctx.state)
    const typed = downloadForm.safeParse(ctx.state.typed)
    if (!typed.success) return showData(ctx, refusalsOf(typed.error.issues))
    // No captcha, even at a crowded address: the limit of this browser's own failed logins is enough.
    const visit = { signedIn: ctx.state.signedIn, visitor: visitorOf(ctx, true) }
    const wrong = await provePresentPassword(typed.data.presentPassword, visit, ports)
    if (wrong) return showData(ctx, [wrong])
    const { address, locale } = visit.visitor
    await ports.audit.record({ what: 'data-downloaded', accountId: account.id, address })
    const events = await securityEventsOf(account.id, allEvents, locale, ports)
    const everything = {
      account: completeData(account),
      signIns: await ports.accountSessions.list(account.id),
      permissions: await ports.accountSessions.authorisedClients(account.id),
      events: events.map(({ sentence, ...event }) => ({ ...event, what: say(locale, sentence) })),
    }
    ctx.set('Cache-Control', 'no-store')
    ctx.attachment('my-data.json')
    ctx.type = 'json'
    ctx.body = JSON.stringify(everything, withIsoDates, 2)
  })

  return router
}

const maskedData = ({ document, phone, ...account }: Account, locale: Locale) => ({
  ...account,
  document: maskedDocument(document, locale),
  phone: maskedPhone(phone),
  ...(account.kind === 'organisation' && {
    unit: {
      name: `${account.unit.name} ${maskedIdNumber(account.unit.code)}`,
      legalRepresentative: `${maskedName(account.unit.legalRepresentative)} ${maskedIdNumber(account.unit.legalRepresentativeIdNumber)}`,
    },
  }),
})

/** Everything but the hashes of password and answers, and the fields that make changes safe to repeat. */
const completeData = ({
  passwordHash: _,
  questions = [],
  version: __,
  changedBy: ___,
  ...account
}: Account) => ({
  ...account,
  questions: questions.map(({ question }) => question),
})

/** Replaces each time in ms by ISO 8601 text. */
const withIsoDates = (name: string, value: unknown) =>
  typeof value === 'number' && /(^at|At|Since|^since)$/.test(name)
    ? new Date(value).toISOString()
    : value
