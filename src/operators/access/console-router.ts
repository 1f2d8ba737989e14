import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { Operator } from '../../people/operator.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { Context, WebState } from '../../web/context.ts'
import { readForm } from '../../web/http/read-form.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { type ConsoleRoute, type OpenRoute, rolesOf } from './console-access.ts'
import type { Answer } from './console-frame.ts'
import { presentOperator, rejectForgedForm } from './console-visit.ts'
import { type Deed, recordDeeds } from './record-deeds.ts'

/** The result of a page or an action. `did` is stored before the answer goes out. */
export type Outcome = {
  readonly did: Deed | readonly Deed[] | 'nothing'
  readonly answer: Answer
}

export type ConsoleHandler = (ctx: Context, operator: Operator) => Outcome | Promise<Outcome>

export type ConsolePorts = {
  readonly audit: Pick<Audit, 'record'>
  readonly operators: Pick<Operators, 'useSession'>
}

export const goTo =
  (address: string): Answer =>
  (ctx) =>
    seeOther(ctx, address)

/** An action that changed nothing and shows its page again. */
export const refused = (answer: Answer): Outcome => ({ did: 'nothing', answer })

/**
 * The routes of the console. `on` adds one for the roles of its row in `consoleAccess`: another role gets 403, nobody
 * signed in is led to 操作员登录, and the audit event is stored before the answer goes out. `open` adds one without a session.
 */
export function consoleRouter({ audit, operators }: ConsolePorts) {
  // Without `strict`, `/lookup/` would be a second address of a page.
  const router = new Router<WebState>({ strict: true })

  const requireOperator =
    (route: ConsoleRoute): Middleware<WebState> =>
    async (ctx, next) => {
      const operator = await presentOperator(ctx, operators)
      if (!operator) return seeOther(ctx, loginAddress(ctx))
      ctx.state.operator = operator
      if (!rolesOf(route).includes(operator.role)) ctx.throw(403)
      await next()
    }

  const answered =
    (handler: ConsoleHandler): Middleware<WebState> =>
    async (ctx) => {
      const { operator } = ctx.state
      if (!operator) throw new Error('a page of the console without an operator')
      const { did, answer } = await handler(ctx, operator)
      await recordDeeds(ctx, did, operator.id, audit)
      answer(ctx)
    }

  function add(route: string, ...handlers: readonly Middleware<WebState>[]): void {
    const [method, path = ''] = route.split(' ')
    if (method === 'POST') router.post(path, readForm, ...handlers)
    else router.get(path, ...handlers)
  }

  return {
    on(route: ConsoleRoute, handler: ConsoleHandler): void {
      if (!rolesOf(route).length) throw new Error(`${route} has no row in consoleAccess`)
      const checks = route.startsWith('POST ') ? [rejectForgedForm] : []
      add(route, requireOperator(route), ...checks, answered(handler))
    },
    open(route: OpenRoute, handler: (ctx: Context) => unknown): void {
      const checks = route.startsWith('POST ') ? [rejectForgedForm] : []
      add(route, ...checks, async (ctx) => void (await handler(ctx)))
    },
    routes: () => router.routes(),
  }
}

export type ConsoleRouter = ReturnType<typeof consoleRouter>

/** 操作员登录, which leads back to a page that was asked for by its address. */
const loginAddress = ({ method, path, url }: Context): string =>
  method === 'GET' && path !== '/' ? `/login?to=${encodeURIComponent(url)}` : '/login'
