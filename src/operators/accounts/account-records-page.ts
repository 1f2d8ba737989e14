import type { Accounts, UnprovedAccounts } from '../../ports/accounts.ts'
import type { Audit } from '../../ports/audit.ts'
import { auditPage } from '../access/audit-page.ts'
import type { Show } from '../access/console-frame.ts'
import type { ConsoleRouter } from '../access/console-router.ts'
import { eventName } from '../access/event-name.ts'
import { reasonKinds } from './lookup-form.ts'

export type AccountRecordsPorts = {
  readonly accounts: Pick<Accounts, 'findById'>
  readonly unprovedAccounts: Pick<UnprovedAccounts, 'findById'>
  readonly audit: Pick<Audit, 'find'>
}

const onPage = 50

/** 查看记录: the events of an account, without addresses and reasons. The look is an event like a look-up. */
export function accountRecordsPage(
  router: ConsoleRouter,
  { accounts, audit, unprovedAccounts }: AccountRecordsPorts,
  show: Show,
) {
  router.on('GET /lookup/:id/records', async (ctx) => {
    const accountId = String(ctx['params'].id)
    const found =
      (await accounts.findById(accountId)) ?? (await unprovedAccounts.findById(accountId))
    if (!found) return ctx.throw(404)
    const { events, next } = await auditPage(ctx, audit, { account: accountId }, onPage)
    const reasonKind = reasonKinds.find((kind) => kind === ctx.query['kind']) ?? reasonKinds[0]
    return {
      did: { what: 'account-looked-up', accountId, detail: 'records', reasonKind },
      answer: show('console/account-records', {
        title: 'records.title',
        accountId,
        records: events.map(({ at, what, detail }) => ({ at, what: eventName(what), detail })),
        older: next && `?kind=${reasonKind}&cursor=${encodeURIComponent(next)}`,
      }),
    }
  })
}
