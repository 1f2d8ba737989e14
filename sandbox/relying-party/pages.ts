import { fileURLToPath } from 'node:url'
import type { Context } from 'koa'
import pug from 'pug'
import type { Locale } from '../../config/messages.ts'
import type { System } from './system.ts'
import { type Problem, wordsOf } from './words.ts'

const views = ['sign-in', 'signed-in', 'signed-out', 'problem'] as const

export type PageState = { locale: Locale }
export type PageContext = Context & { readonly state: PageState }

const kinds: Readonly<Record<Problem, { status: number; ofSignIn: boolean }>> = {
  denied: { status: 403, ofSignIn: true },
  stale: { status: 400, ofSignIn: true },
  failed: { status: 400, ofSignIn: true },
  unreachable: { status: 503, ofSignIn: true },
  foreignForm: { status: 403, ofSignIn: false },
  notFound: { status: 404, ofSignIn: false },
  broken: { status: 500, ofSignIn: false },
}

/** The pages of a service; `issuer` is where its links to the platform lead. */
export function pages(issuer: string, { key, words: own }: System) {
  const compiled = new Map(
    views.map((view) => [
      view,
      pug.compileFile(fileURLToPath(new URL(`views/${view}.pug`, import.meta.url))),
    ]),
  )

  function show(ctx: PageContext, view: (typeof views)[number], locals: object = {}): void {
    const { locale } = ctx.state
    // The platform takes the language of a link over from `lang`.
    const platform = (path: string) => `${issuer}${path}${locale === 'en' ? '?lang=en' : ''}`
    ctx.type = 'html'
    const words = wordsOf(locale, own[locale])
    ctx.body = compiled.get(view)?.({ ...locals, key, locale, words, platform })
  }

  function showProblem(ctx: PageContext, problem: Problem): void {
    const { status, ofSignIn } = kinds[problem]
    ctx.status = status
    const { locale } = ctx.state
    const { problems } = wordsOf(locale, own[locale])
    show(ctx, 'problem', { about: problems[problem], ofSignIn })
  }

  return { show, showProblem }
}
