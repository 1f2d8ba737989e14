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
import { ownerOf } from '../people/signed-in.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { Context, WebState } from '../web/context.ts'
import { refusalsOf } from '../web/flow/flow-definition.ts'
import { readForm } from '../web/http/read-form.ts'
import { visitorOf } from '../web/http/visitor-of.ts'
import { type Render, showRefusals } from '../web/page/render-page.ts'
import { maskedDocument } from '../web/steps/document-options.ts'
import { unforged } from './account-frame.ts'
import { type PresentPasswordPorts, provePresentPassword } from './present-password-proof.ts'
import { type RecordsPorts, recordsOf } from './security-events-routes.ts'

export type DataPorts = RecordsPorts &
  PresentPasswordPorts & { readonly accountSessions: AccountSessions }

const path = '/account/data'
const form = z.object({ presentPassword: typedPassword })
/** More than anybody has in the year that events are kept. */
const allEvents = 10_000

/** 我的数据: everything stored about the person, masked as a page, and in full as JSON for whoever has the password. */
export function dataRoutes(ports: DataPorts, render: Render) {
  const router = new Router<WebState>()

  function show(ctx: Context, refusals: readonly Refusal[] = []) {
    if (refusals.length) showRefusals(ctx, refusals)
    const { account } = ownerOf(ctx.state)
    render(ctx, 'account/data', {
      title: 'account.data.title',
      account: masked(account, ctx.state.locale),
      typed: {},
      refusals,
    })
  }

  router.get(path, (ctx) => show(ctx))

  router.post(path, readForm, unforged, async (ctx) => {
    const { account } = ownerOf(ctx.state)
    const typed = form.safeParse(ctx.state.typed)
    if (!typed.success) return show(ctx, refusalsOf(typed.error.issues))
    // This browser's own tries are counted, so that a crowded address needs no captcha here.
    const visit = { signedIn: ctx.state.signedIn, visitor: visitorOf(ctx, true) }
    const wrong = await provePresentPassword(typed.data.presentPassword, visit, ports)
    if (wrong) return show(ctx, [wrong])
    const { address, locale } = visit.visitor
    await ports.audit.record({ what: 'data-downloaded', accountId: account.id, address })
    const events = await recordsOf(account.id, allEvents, locale, ports)
    const everything = {
      account: inFull(account),
      signIns: await ports.accountSessions.list(account.id),
      permissions: await ports.accountSessions.authorisedClients(account.id),
      events: events.map(({ sentence, ...event }) => ({ ...event, what: say(locale, sentence) })),
    }
    ctx.set('Cache-Control', 'no-store')
    ctx.attachment('my-data.json')
    ctx.type = 'json'
    ctx.body = JSON.stringify(everything, inWords, 2)
  })

  return router
}

const masked = ({ document, phone, ...account }: Account, locale: Locale) => ({
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

/** All but what is there to check the person and the record: hashes, and which act changed it. */
const inFull = ({
  passwordHash: _,
  questions = [],
  version: __,
  changedBy: ___,
  ...account
}: Account) => ({
  ...account,
  questions: questions.map(({ question }) => question),
})

/** Moments as ISO 8601. */
const inWords = (name: string, value: unknown) =>
  typeof value === 'number' && /(^at|At|Since|^since)$/.test(name)
    ? new Date(value).toISOString()
    : value
