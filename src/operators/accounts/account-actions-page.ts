import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, refused } from '../access/console-router.ts'
import { reason } from '../access/reason.ts'
import {
  type AccountAction,
  type AccountStatePorts,
  accountActions,
  changeAccountState,
  eventOfAction,
} from './change-account-state.ts'

const form = z.object({ reason })

/** The buttons of 用户查询, each with 事由. */
export function accountActionsPage(router: ConsoleRouter, ports: AccountStatePorts, show: Show) {
  const add = (action: AccountAction) =>
    router.on(`POST /lookup/:id/${action}`, async (ctx) => {
      const accountId = String(ctx['params'].id)
      const typed = form.safeParse(ctx.state.typed)
      if (!typed.success)
        return refused(
          show('console/account-action', {
            title: `account.action.${action}`,
            ...{ action, accountId },
            refusals: refusalsOf(typed.error.issues),
          }),
        )
      const known = await changeAccountState(action, accountId, randomUUID(), ports)
      if (!known) return ctx.throw(404)
      return {
        did: { what: eventOfAction[action], accountId, reason: typed.data.reason },
        answer: goTo(`/lookup?done=${action}`),
      }
    })
  for (const action of accountActions) add(action)
}
