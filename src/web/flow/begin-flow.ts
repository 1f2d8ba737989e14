import type { FlowKey, Flows } from '../../ports/flows.ts'
import type { Context } from '../context.ts'
import { readCookie, setCookie } from '../http/own-cookies.ts'
import type { FlowState, Origin, queryOf } from './flow-state.ts'

const cookie = 'flow'

export type FlowReferrer = Parameters<typeof queryOf>[0]

/** Creates a flow and sets its cookie. Behind the login, the flow belongs to the account that is signed in. */
export async function beginFlow(
  ctx: Context,
  path: string,
  state: FlowState<unknown>,
  flows: Flows,
): Promise<FlowKey> {
  const owner = ctx.state.signedIn?.account.id
  const key = await flows.create({ ...state, path, ...(owner && { owner }) })
  setCookie(ctx, cookie, cookieOf(key, state.origin), { path: `/${path}/${key.id}` })
  return key
}

/** The cookie contains the referring client too, since the page for an expired flow links back to it. */
const cookieOf = ({ secret }: FlowKey, origin: Origin | undefined) =>
  origin
    ? [secret, origin.interaction ?? '', Buffer.from(origin.id).toString('base64url')].join('.')
    : secret

/** Reads the flow's key, its id from the address and its secret from the cookie, and the referring client. */
export function flowKeyOf(ctx: Context & { params: Record<string, string> }) {
  const [secret = '', interaction, system] = (readCookie(ctx, cookie, ctx.path) ?? '').split('.')
  const key: FlowKey = { id: ctx.params['id'] ?? '', secret }
  const from: FlowReferrer = system
    ? {
        ...(interaction && { interaction }),
        id: Buffer.from(system, 'base64url').toString(),
      }
    : undefined
  return { key, from }
}
