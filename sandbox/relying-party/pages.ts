import { fileURLToPath } from 'node:url'
import type { Context } from 'koa'
import pug from 'pug'
import type { Locale } from '../../config/sentences.ts'
import type { RelyingPartyConfig } from './relying-party-config.ts'
import { type Problem, wordsOf } from './words.ts'

const views = ['sign-in', 'signed-in', 'signed-out', 'heard', 'problem'] as const

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

/**
 * The pages of a service: the shared ones and its own (`more`). Links to the platform at `issuer` contain the client id,
 * so that the platform can link back.
 */
export function pages<More extends string = never>(
  issuer: string,
  { id, key, words: own }: Pick<RelyingPartyConfig, 'id' | 'key' | 'words'>,
  more?: Readonly<Record<More, URL>>,
) {
  const shared = views.map((view) => [view, new URL(`views/${view}.pug`, import.meta.url)] as const)
  const compiled = new Map<string, pug.compileTemplate>(
    [...shared, ...Object.entries<URL>(more ?? {})].map(([view, file]) => [
      view,
      pug.compileFile(fileURLToPath(file), { cache: true }),
    ]),
  )

  function show(ctx: PageContext, view: (typeof views)[number] | More, locals: object = {}): void {
    const { locale } = ctx.state
    // The platform takes the language from `lang`.
    const query = new URLSearchParams({ ...(locale === 'en' && { lang: 'en' }), system: id })
    const platform = (path: string) => `${issuer}${path}?${query}`
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
