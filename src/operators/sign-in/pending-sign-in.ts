import { randomBytes } from 'node:crypto'
import type { FlowKey, Flows } from '../../ports/flows.ts'
import type { Context } from '../../web/context.ts'
import { readCookie, setCookie } from '../../web/http/own-cookies.ts'

export const newChallenge = (): string => randomBytes(32).toString('base64url')

/** The state of pages without a session, stored like a flow; a cookie at `path` has its id and secret. */
export function pendingState<State>(flows: Flows, cookie: string, path: string) {
  function keyOf(ctx: Context): FlowKey | undefined {
    const [id, secret] = readCookie(ctx, cookie, path)?.split('.') ?? []
    return id && secret ? { id, secret } : undefined
  }

  return {
    async begin(ctx: Context, state: State): Promise<void> {
      const { id, secret } = await flows.create(state)
      setCookie(ctx, cookie, `${id}.${secret}`, { path })
    },
    /** Undefined if there is none, or it has expired. */
    async read(ctx: Context): Promise<State | undefined> {
      const key = keyOf(ctx)
      const found = key ? await flows.read(key) : 'unknown'
      return typeof found === 'string'
        ? undefined
        : ((found.state ?? undefined) as State | undefined)
    },
    /** Runs one request at a time. `work` answers and returns the next state, undefined to keep it, or null to end it. */
    async change(
      ctx: Context,
      work: (state: State | undefined) => Promise<State | null | undefined>,
    ): Promise<void> {
      const key = keyOf(ctx)
      const opened = key ? await flows.open(key) : 'unknown'
      if (opened === 'busy') ctx.throw(503)
      if (typeof opened === 'string') return void (await work(undefined))
      let next: State | null | undefined
      try {
        next = await work((opened.state ?? undefined) as State | undefined)
      } finally {
        await opened.close(next)
      }
    },
  }
}
