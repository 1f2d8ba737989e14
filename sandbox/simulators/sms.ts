import { fileURLToPath } from 'node:url'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import { compileFile } from 'pug'
import * as z from 'zod'
import type { Clock } from '../../src/ports/clock.ts'
import { bodyOf, phone, shaped, text } from './body.ts'

const message = z.object({ phone, template: text, params: z.record(z.string(), z.string()), text })
type SentMessage = z.infer<typeof message> & { readonly sentAt: string }

const page = compileFile(fileURLToPath(new URL('sms.pug', import.meta.url)))
const onThePage = 50

/** Simulates 短信网关. The page `/sms` shows the messages. */
export function smsGateway(called: Middleware, clock: Clock): Router {
  const inboxes = new Map<string, SentMessage[]>()
  const all: SentMessage[] = []
  const newestFirst = (number: string | undefined) =>
    [...(number === undefined ? all : (inboxes.get(number) ?? []))].reverse()

  const router = new Router()
  router.post('/sms/messages', called, async (ctx) => {
    const accepted = { ...(await bodyOf(ctx, message)), sentAt: new Date(clock()).toISOString() }
    inboxes.set(accepted.phone, [...(inboxes.get(accepted.phone) ?? []), accepted])
    all.push(accepted)
    ctx.status = 202
    ctx.body = {}
  })
  router.get('/sms/messages', (ctx) => {
    ctx.body = newestFirst(shaped(ctx, phone.optional(), ctx.query['phone']))
  })
  router.get('/sms', (ctx) => {
    const typed = String(ctx.query['phone'] ?? '').trim()
    const number = typed ? (phone.safeParse(typed).data ?? typed) : undefined
    const still = ctx.query['refresh'] === 'off'
    // The header refreshes the page without a script and without <meta>, which accessibility checks refuse.
    if (!still) ctx.set('Refresh', '5')
    ctx.set('Cache-Control', 'no-store')
    ctx.type = 'html'
    ctx.body = page({ messages: newestFirst(number).slice(0, onThePage), number, still, at })
  })
  return router
}

/** Formats a time in China's time zone: `11月23日 14:05:09`. */
function at(sentAt: string): string {
  return new Date(sentAt).toLocaleString('zh-CN', {
    timeZone: 'Asia/Shanghai',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
}
