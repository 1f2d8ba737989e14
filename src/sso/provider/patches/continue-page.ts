import type { Context } from '../../../web/context.ts'
import type { Render } from '../../../web/page/render-page.ts'
import { assertSeam, internalModule } from '../assert-seam.ts'

const { default: formPost } = await internalModule('response_modes/form_post.js')

const plain =
  /<title>Submitting Callback<\/title>\s*<script>(.*?)<\/script>.*<form method="post" action="([^"]*)">(.*?)<noscript>/s

/**
 * Patches: the HTML page that submits a form by itself (`response_mode=form_post`, a change of account, signing out
 * without a session).
 * Why: a browser without script shows it, as a bare English page. It becomes a page of ours with the same form and the
 * same script, whose hash oidc-provider has put into the content security policy.
 * Shown by: test/sso/provider.test.ts.
 * On an upgrade: look at lib/response_modes/form_post.js.
 */
export function assertContinuePage(render: unknown = formPost): void {
  assertSeam(
    typeof render === 'function',
    'continue-page',
    'lib/response_modes/form_post.js is there',
  )
  const ctx = { body: '', response: { get: () => '' } }
  render(ctx, 'https://client.invalid/', { state: 'a' })
  const isKnown = plain.exec(ctx.body)?.[3]?.includes('name="state" value="a"')
  assertSeam(isKnown, 'continue-page', 'the page has one script and one form with hidden fields')
}

export function continuePage(ctx: Context, render: Render): void {
  const [, script, action, fields] = plain.exec(String(ctx.response.is('html') && ctx.body)) ?? []
  if (script === undefined) return
  const { status } = ctx
  render(ctx, 'sso/continue', { title: 'continue.title', script, action, fields })
  ctx.status = status
}
