import Router from '@koa/router'
import markdown from 'markdown-it'
import type { LegalText, LegalTexts } from '../../config/legal-texts.ts'
import type { WebState } from '../web/context.ts'
import type { Render } from '../web/page/render-page.ts'

/** `/terms` and `/privacy`: 用户协议 and 隐私政策, from the office's files. */
export function legalTextRoutes(texts: LegalTexts, render: Render) {
  const router = new Router<WebState>()
  for (const name of ['terms', 'privacy'] as const) {
    const { version, markdown: text } = texts[name]
    const html = htmlOf(text)
    router.get(`/${name}`, (ctx) =>
      render(ctx, 'information/legal-text', { title: `${name}.title`, version, html }),
    )
  }
  return router
}

/** By the library's defaults, HTML in the text is shown as text, and links with unsafe schemes are not rendered. */
const rendering = markdown({ html: false }).disable('image')

/** The page's title is the h1, so each heading of the text moves one level down. */
function htmlOf(text: LegalText['markdown']): string {
  const tokens = rendering.parse(text, {})
  for (const token of tokens)
    if (/^heading_(open|close)$/.test(token.type))
      token.tag = `h${Math.min(Number(token.tag.slice(1)) + 1, 6)}`
  return rendering.renderer.render(tokens, rendering.options, {})
}
