import { fileURLToPath } from 'node:url'
import type { Context } from 'koa'
import pug from 'pug'
import type { Locale } from '../../config/messages.ts'
import { type Problem, words } from './messages.ts'

const views = ['sign-in', 'signed-in', 'signed-out', 'problem'] as const

export type ExamState = { locale: Locale }
export type ExamContext = Context & { readonly state: ExamState }

const kinds: Readonly<Record<Problem, { status: number; ofSignIn: boolean }>> = {
  denied: { status: 403, ofSignIn: true },
  stale: { status: 400, ofSignIn: true },
  failed: { status: 400, ofSignIn: true },
  unreachable: { status: 503, ofSignIn: true },
  foreignForm: { status: 403, ofSignIn: false },
  notFound: { status: 404, ofSignIn: false },
  broken: { status: 500, ofSignIn: false },
}

/** The pages of this service; `issuer` is where its links to the platform lead. */
export function pages(issuer: string) {
  const compiled = new Map(
    views.map((view) => [
      view,
      pug.compileFile(fileURLToPath(new URL(`views/${view}.pug`, import.meta.url))),
    ]),
  )

  function show(ctx: ExamContext, view: (typeof views)[number], locals: object = {}): void {
    const { locale } = ctx.state
    // The platform takes the language of a link over from `lang`.
    const platform = (path: string) => `${issuer}${path}${locale === 'en' ? '?lang=en' : ''}`
    ctx.type = 'html'
    ctx.body = compiled.get(view)?.({ ...locals, locale, words: words[locale], platform })
  }

  function showProblem(ctx: ExamContext, problem: Problem): void {
    const { status, ofSignIn } = kinds[problem]
    ctx.status = status
    show(ctx, 'problem', { about: words[ctx.state.locale].problems[problem], ofSignIn })
  }

  return { show, showProblem }
}
