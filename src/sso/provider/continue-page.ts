import type { Context } from '../../web/context.ts'
import type { Render } from '../../web/page/page.ts'

/**
 * oidc-provider answers with a bare English page where a form has to go on by itself (`response_mode=form_post`,
 * a change of account, signing out without a session). Whoever has no script sees it: this makes it a page of ours,
 * with the same form and the same script, whose digest the provider has put into the content security policy.
 */
export function continuePage(ctx: Context, render: Render): void {
  const [, script, action, fields] = bare.exec(String(ctx.response.is('html') && ctx.body)) ?? []
  if (script === undefined) return
  const { status } = ctx
  render(ctx, 'sso/continue', { title: 'continue.title', script, action, fields })
  ctx.status = status
}

const bare =
  /<title>Submitting Callback<\/title>\s*<script>(.*?)<\/script>.*<form method="post" action="([^"]*)">(.*?)<noscript>/s
