import Router from '@koa/router'
import type { Captchas } from '../../ports/captchas.ts'
import type { WebState } from '../context.ts'

/** The routes of a captcha's picture and sound. */
export function captchaRoutes(captchas: Captchas) {
  const router = new Router<WebState>({ prefix: '/captcha' })
  router.get('/:id.png', async (ctx) => {
    ctx.set('Cache-Control', 'no-store')
    ctx.type = 'png'
    ctx.body = (await captchas.picture(String(ctx.params['id']))) ?? ctx.throw(404)
  })
  router.get('/:id.wav', async (ctx) => {
    ctx.set('Cache-Control', 'no-store')
    ctx.type = 'audio/wav'
    const { locale } = ctx.state
    ctx.body = (await captchas.sound(String(ctx.params['id']), locale)) ?? ctx.throw(404)
  })
  return router
}
