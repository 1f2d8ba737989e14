import * as z from 'zod'
import { choice, codePoints, field } from '../../people/fields/field.ts'
import type { Operator } from '../../people/operator.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import { asks } from '../../people/review.ts'
import { type Cases, caseStates, type FiledCase } from '../../ports/cases.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { Context } from '../../web/context.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, refused } from '../access/console-router.ts'
import { caseFinding } from './case-finding.ts'
import { maskedCaseDocument } from './masked-case-document.ts'

export type CasesPagePorts = {
  readonly cases: Pick<Cases, 'find' | 'list' | 'handle'>
  readonly operators: Pick<Operators, 'list'>
}

const onPage = 50
const mostInNote = 500

const note = z.preprocess(
  (typed) => (typeof typed === 'string' ? typed.replace(/\s*\r?\n\s*/g, ' ') : typed),
  field('cases.note.missing', (typed, reject) =>
    codePoints(typed) > mostInNote ? reject('cases.note.long', { most: mostInNote }) : typed,
  ),
)
const form = z.object({ note, state: choice(caseStates, 'cases.state.missing') })

/** 受理单: the list with its filters in the address, and each case with 处理情况. */
export function casesPage(router: ConsoleRouter, { cases, operators }: CasesPagePorts, show: Show) {
  async function listPage(ctx: Context, refusals: readonly Refusal[] = []) {
    const { cursor, number } = ctx.query
    const state = caseStates.find((one) => one === ctx.query['state'])
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
    const { cases: found, next } = await cases.list({ state, cursor: text(cursor), limit: onPage })
    const filter = state ? `state=${state}&` : ''
    return show('console/cases', {
      title: 'cases.title',
      cases: found.map((one) => ({ ...inList(one), finding: caseFinding(one.finding) })),
      states: caseStates,
      typed: { state, number: text(number)?.slice(0, 20) },
      older: next && `/cases?${filter}cursor=${next}`,
      refusals,
    })
  }

  async function casePage(
    found: FiledCase,
    { role }: Operator,
    more: { readonly done?: boolean; readonly refusals?: readonly Refusal[] },
  ) {
    const known = await operators.list()
    const nameOf = (id: string) => known.find((one) => one.id === id)?.name ?? id
    const { document: _, notes, ...shown } = found
    return show('console/case', {
      title: 'cases.one.title',
      found: {
        ...shown,
        findingText: caseFinding(found.finding),
        document: maskedCaseDocument(found),
        notes: notes.map(({ author, ...one }) => ({ ...one, author: nameOf(author) })),
      },
      states: caseStates,
      mayAskCounterProof: asks(role, 'counter-proof') && found.document !== undefined,
      ...more,
    })
  }

  const caseAt = async (ctx: Context) =>
    (await cases.find(String(ctx['params'].number))) ?? ctx.throw(404)

  router.on('GET /cases', async (ctx) => {
    const { number } = ctx.query
    if (typeof number === 'string' && number.trim()) {
      const found = await cases.find(number.slice(0, 20))
      if (found) return { did: 'nothing', answer: goTo(`/cases/${found.number}`) }
      return refused(await listPage(ctx, [refuse('number', 'cases.number.unknown')]))
    }
    return { did: { what: 'case-looked-up' }, answer: await listPage(ctx) }
  })

  router.on('GET /cases/:number', async (ctx, operator) => {
    const found = await caseAt(ctx)
    return {
      did: { what: 'case-looked-up', target: found.number },
      answer: await casePage(found, operator, { done: ctx.query['done'] === 'saved' }),
    }
  })

  router.on('POST /cases/:number', async (ctx, operator) => {
    const found = await caseAt(ctx)
    const typed = form.safeParse(ctx.state.typed)
    if (!typed.success) {
      const refusals = refusalsOf(typed.error.issues)
      // The page shows the case again, which is a look at it.
      return {
        did: { what: 'case-looked-up', target: found.number },
        answer: await casePage(found, operator, { refusals }),
      }
    }
    const { note: text, state } = typed.data
    await cases.handle(found.number, { state, note: { author: operator.id, text } })
    return {
      did: { what: 'case-handled', target: found.number, detail: state },
      answer: goTo(`/cases/${found.number}?done=saved`),
    }
  })
}

/** The list shows nothing personal. */
const inList = ({ number, at, tries, state }: FiledCase) => ({ number, at, tries, state })
