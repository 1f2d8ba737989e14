import { fileURLToPath } from 'node:url'
import Router from '@koa/router'
import { compileFile } from 'pug'
import { samplePeople, sampleUnits } from '../sample-people.mjs'

const page = compileFile(fileURLToPath(new URL('people.pug', import.meta.url)))

/** The page `/people` lists the sample people for each answer of the bank (sandbox/simulator-samples.mjs). */
export function people(): Router {
  const html = page({ people: samplePeople, units: sampleUnits })
  return new Router().get('/people', (ctx) => {
    ctx.type = 'html'
    ctx.body = html
  })
}
