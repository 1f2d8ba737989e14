import Router from '@koa/router'
import { networkOf } from '../../people/network.ts'
import type { Context, WebState } from '../context.ts'
import { isForged } from '../http/forgery-token.ts'
import { readForm } from '../http/read-form.ts'
import { seeOther } from '../http/see-other.ts'
import { type Render, setRefusalStatus } from '../page/render-page.ts'
import { beginFlow, type FlowReferrer, flowKeyOf } from './begin-flow.ts'
import { countBegun } from './count-steps.ts'
import type { FlowDefinition } from './flow-definition.ts'
import { flowPages } from './flow-pages.ts'
import type { FlowPorts } from './flow-ports.ts'
import {
  currentStep,
  type FlowState,
  isOpen,
  newState,
  type Origin,
  queryOf,
} from './flow-state.ts'
import { submit } from './submit-step.ts'

/**
 * The routes of a flow: `GET /path` begins one, `/path/ID/STEP` shows and submits its steps (POST → 303). Each flow has
 * a cookie of its own with the secret that belongs to the id in the address, so two tabs have two flows.
 */
export function flowRoutes<A, P extends FlowPorts>(
  flow: FlowDefinition<A, P>,
  ports: P,
  render: Render,
) {
  const { flows, clientLinks, openRequests, policy } = ports
  const router = new Router<WebState>({ prefix: `/${flow.path}` })
  const show = flowPages(flow, ports, render)

  const goTo = (ctx: Context, id: string, step: string) => {
    seeOther(ctx, `/${flow.path}/${id}/${step}`)
  }
  const goToCurrent = (ctx: Context, id: string, state: FlowState<A>) =>
    goTo(ctx, id, currentStep(flow, state))

  /**
   * The reason why a flow with the right id and secret must not be shown here: it belongs to another path, or its owner
   * is not signed in. A flow whose last step ended the session stays visible in this browser.
   */
  function foreignReason(
    ctx: Context,
    { path, owner, done }: FlowState<A>,
  ): ForeignReason | undefined {
    if (path !== flow.path) return 'foreign'
    const isOver = done && flow.done.signedOut
    return isOver || owner === ownerOf(ctx) ? undefined : 'not-owner'
  }

  /** The client that the person came from: that of the pending request, else the approved one that the link names. */
  async function originOf(ctx: Context): Promise<Origin | undefined> {
    const interaction = oneString(ctx.query['interaction'])
    const waiting = interaction && (await clientLinks.ofInteraction(interaction))
    if (waiting) return { ...waiting, interaction }
    const system = oneString(ctx.query['system'])
    return system ? clientLinks.findApproved(system) : undefined
  }

  /** Limits the flows of an address, since each one takes up to some kB until its idle time has passed. */
  async function refuseTooManyFlows(ctx: Context) {
    if ((await openRequests.count(flowsOf(ctx))) < policy.openFlows.most) return
    ports.counters.add('limits', { limit: 'open-flows' })
    ctx.set('Retry-After', String(policy.openRequests.unopened))
    ctx.throw(429)
  }

  async function begin(ctx: Context, path: string, state: FlowState<unknown>) {
    await refuseTooManyFlows(ctx)
    const { id } = await beginFlow(ctx, path, state, flows)
    await count(ctx, id)
    countBegun(path, ports.counters)
    seeOther(ctx, `/${path}/${id}`)
  }

  const count = (ctx: Context, id: string) => openRequests.add(flowsOf(ctx), id, policy.flow.idle)

  /** A flow that is done shows its last page only. A store that fails here must not hide that page. */
  const uncount = (ctx: Context, id: string) =>
    openRequests
      .remove(flowsOf(ctx), id)
      .catch((error: unknown) => ctx.state.log.warn({ err: error }, 'flow still counted'))

  router.get('/', async (ctx) => {
    if (!flow.earnedAt) return begin(ctx, flow.path, newState(await originOf(ctx)))
    seeOther(ctx, `/${flow.earnedAt}${ctx.search}`)
  })

  router.get(['/:id', '/:id/:step'], async (ctx) => {
    const { key, from } = flowKeyOf(ctx)
    const found = await flows.read(key)
    if (typeof found === 'string') return startAgain(ctx, found, from)
    const state = found.state as FlowState<A>
    const strange = foreignReason(ctx, state)
    if (strange) return startAgain(ctx, strange, from)
    const step = ctx.params['step'] ?? ''
    if (!isOpen(flow, state, step)) return goToCurrent(ctx, key.id, state)
    // Each visit prolongs the flow, so that it has to be counted as long.
    if (!state.done) await count(ctx, key.id)
    if (step === 'done') return show.done(ctx, state)
    const ready = await show.prepare(ctx, key, state, step as keyof A & string)
    if (!ready) return goTo(ctx, key.id, step)
    return show.step(ctx, key, ready, step as keyof A & string)
  })

  router.post('/:id/:step', readForm, async (ctx) => {
    const { key, from } = flowKeyOf(ctx)
    if (key.secret && isForged(key.secret, ctx.state.typed['token'])) ctx.throw(403)
    const opened = await flows.open(key)
    if (opened === 'busy') return goTo(ctx, key.id, String(ctx.params['step']))
    if (typeof opened === 'string') return startAgain(ctx, opened, from)
    let kept: FlowState<A> | undefined
    try {
      const state = opened.state as FlowState<A>
      const strange = foreignReason(ctx, state)
      if (strange) return startAgain(ctx, strange, from)
      const step = String(ctx.params['step'])
      if (!isOpen(flow, state, step) || step === 'done') return goToCurrent(ctx, key.id, state)
      const name = step as keyof A & string
      const next = await submit(flow, state, name, ctx, key.id, ports)
      kept = next.state
      if ('begin' in next) {
        const { path, data, drafts } = next.begin
        return await begin(ctx, path, newState(state.origin, data, drafts))
      }
      if ('goTo' in next) return goTo(ctx, key.id, next.goTo)
      kept = await show.withCaptcha(ctx, key, next.state, next.show)
      setRefusalStatus(ctx, next.refusals)
      return await show.step(ctx, key, kept, next.show, next.refusals)
    } finally {
      await opened.close(kept)
      if (kept?.done) await uncount(ctx, key.id)
    }
  })

  /**
   * Answers a request for an unknown, expired or foreign flow with the reason and a link that begins a new one. A flow
   * without a last page redirects to the request that it is part of, which asks for a sign-in again.
   */
  function startAgain(ctx: Context, gone: 'unknown' | ForeignReason, from: FlowReferrer) {
    const start = `/${flow.path}${queryOf(from)}`
    if (flow.done.goesOn && from?.interaction && gone !== 'foreign') {
      return seeOther(ctx, start)
    }
    const isForeign = gone !== 'unknown'
    const why = isForeign ? (ctx.state.sentCookies ? 'foreign' : 'cookies') : gone
    render(ctx, 'flow/start-again', { title: `flow.${why}.title`, why, start })
    ctx.status = isForeign ? 403 : 410
  }

  return router
}

type ForeignReason = 'foreign' | 'not-owner'

const ownerOf = (ctx: Context) => ctx.state.signedIn?.account.id

const oneString = (value: string | string[] | undefined) =>
  typeof value === 'string' ? value : undefined

const flowsOf = (ctx: Context): string => `flows:${networkOf(ctx.ip)}`
