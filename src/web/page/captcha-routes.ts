import Router from '@koa/router'
import type { CaptchaPart, Captchas } from '../../ports/captchas.ts'
import type { WebState } from '../context.ts'

/** The pictures and sounds of a captcha; those of its second part are below `second/`. */
const parts: readonly (readonly [path: string, part: CaptchaPart])[] = [
  ['/', 'first'],
  ['/second/', 'second'],
]

/** The routes of a captcha's pictures and sounds. */
export function captchaRoutes(captchas: Captchas) {
  const router = new Router<WebState>({ prefix: '/captcha' })
  router.use(async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store')
    await next()
  })
  for (const [path, part] of parts) {
    router.get(`${path}:id.png`, async (ctx) => {
      ctx.type = 'png'
      ctx.body = (await captchas.picture(String(ctx.params['id']), part)) ?? ctx.throw(404)
    })
    router.get(`${path}:id.wav`, async (ctx) => {
      ctx.type = 'audio/wav'
      const { locale } = ctx.state
      ctx.body = (await captchas.sound(String(ctx.params['id']), part, locale)) ?? ctx.throw(404)
    })
  }
  return router
}
