import { randomBytes } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Operator } from '../../people/operator.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { Context, WebState } from '../../web/context.ts'
import { forgeryToken, isForged } from '../../web/http/forgery-token.ts'
import { readCookie, setCookie } from '../../web/http/own-cookies.ts'

const sessionCookie = 'operator'
const visitCookie = 'operator-visit'

/** Gives each browser a secret for its forms. The console is Chinese and reads no preferences. */
export const consoleVisit =
  (https: boolean): Middleware<WebState> =>
  async (ctx, next) => {
    // Koa would derive this from the connection, but the proxy may speak http to us.
    ctx.cookies.secure = https
    ctx.state.locale = 'zh-CN'
    ctx.state.largeText = false
    const known = readCookie(ctx, visitCookie)
    ctx.state.browser = known && /^[\w-]{22}$/.test(known) ? known : newVisit(ctx)
    await next()
  }

function newVisit(ctx: Context): string {
  const id = randomBytes(16).toString('base64url')
  setCookie(ctx, visitCookie, id)
  return id
}

/** The CSRF token of a form. It changes with the session. */
export const consoleFormToken = (ctx: Context): string => forgeryToken(formSecretOf(ctx))

/** Rejects a form without the token of this browser and session with 403. Comes after `readForm`. */
export const rejectForgedForm: Middleware<WebState> = async (ctx, next) => {
  if (isForged(formSecretOf(ctx), ctx.state.typed['token'])) ctx.throw(403)
  await next()
}

const formSecretOf = ({ state: { browser, operator } }: Context): string =>
  `console ${browser} ${operator?.id ?? ''} ${operator?.session?.startedAt ?? ''}`

export function setSession(ctx: Context, token: string | null): void {
  setCookie(ctx, sessionCookie, token)
}

/** The operator whose session this browser has. A call counts as use. */
export async function presentOperator(
  ctx: Context,
  operators: Pick<Operators, 'useSession'>,
): Promise<Operator | undefined> {
  const token = readCookie(ctx, sessionCookie)
  return token === undefined ? undefined : operators.useSession(token)
}
