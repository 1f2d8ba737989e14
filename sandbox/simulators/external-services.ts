import { setTimeout as wait } from 'node:timers/promises'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import * as z from 'zod'
import { bodyOf } from './body.ts'

/** Resolves after so many milliseconds, or rejects if aborted before. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>
export const sleep: Pause = (milliseconds, signal) => wait(milliseconds, undefined, { signal })

const fault = z.enum(['ok', 'slow', 'error', 'down'])
const faults = z.strictObject({ bank: fault, sms: fault, registry: fault, phones: fault })
export type Service = keyof z.infer<typeof faults>

const slowness = 30_000

/** Counts the calls of each service and simulates the faults that `PUT /faults` sets. */
export function externalServices(pause: Pause) {
  const calls: Record<Service, number> = { bank: 0, sms: 0, registry: 0, phones: 0 }
  const present: z.infer<typeof faults> = { bank: 'ok', sms: 'ok', registry: 'ok', phones: 'ok' }

  const router = new Router()
  router.get('/calls', (ctx) => {
    ctx.body = calls
  })
  router.put('/faults', async (ctx) => {
    Object.assign(present, await bodyOf(ctx, faults.partial()))
    ctx.status = 204
  })

  /** Middleware for the platform's calls. A slow call of a caller that has disconnected is not processed. */
  const called =
    (service: Service): Middleware =>
    async (ctx, next) => {
      calls[service] += 1
      const now = present[service]
      if (now === 'error') ctx.throw(500, `PUT /faults says that ${service} fails.`)
      if (now === 'down') {
        ctx.respond = false
        ctx.req.socket.destroy()
        return
      }
      if (now === 'slow') {
        const hungUp = new AbortController()
        ctx.res.once('close', () => hungUp.abort())
        await pause(slowness, hungUp.signal).catch(() => undefined)
        if (hungUp.signal.aborted) return
      }
      await next()
    }

  return { router, called }
}
