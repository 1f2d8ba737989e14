import Router from '@koa/router'
import type { Middleware } from 'koa'
import * as z from 'zod'
import { bodyOf, phone, shaped, text } from './body.ts'

const organisation = z.object({
  name: text,
  legalRepresentative: text,
  legalRepresentativeIdNumber: text,
})

/** Simulates the registry of organisations. */
export function registry(called: Middleware): Router {
  const organisations = new Map<string, z.infer<typeof organisation>>()
  const router = new Router({ prefix: '/registry/organisations' })
  router.put('/:code', async (ctx) => {
    organisations.set(shaped(ctx, text, ctx.params['code']), await bodyOf(ctx, organisation))
    ctx.status = 204
  })
  router.get('/:code', called, (ctx) => {
    const code = shaped(ctx, text, ctx.params['code'])
    const found = organisations.get(code)
    ctx.status = found ? 200 : 404
    ctx.body = found ?? { error: 'no_record' }
  })
  return router
}

const age = z.object({ monthsOnNetwork: z.int().min(0) })
const usualAge: z.infer<typeof age> = { monthsOnNetwork: 120 }

/** Simulates the operator's service for the age of a phone number. */
export function phoneAges(called: Middleware): Router {
  const ages = new Map<string, z.infer<typeof age>>()
  const router = new Router({ prefix: '/phones/:phone' })
  router.put('/', async (ctx) => {
    ages.set(shaped(ctx, phone, ctx.params['phone']), await bodyOf(ctx, age))
    ctx.status = 204
  })
  router.get('/age', called, (ctx) => {
    ctx.body = ages.get(shaped(ctx, phone, ctx.params['phone'])) ?? usualAge
  })
  return router
}
