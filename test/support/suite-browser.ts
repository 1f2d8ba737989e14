import type { Page } from 'playwright-core'

type Command = readonly [what: string, how: string, where: string, ...more: readonly unknown[]]
type Task = {
  readonly task: string
  readonly match: string
  readonly optional?: boolean
  readonly commands: readonly Command[]
}
type Rule = {
  readonly match: string
  readonly 'match-limit'?: number
  readonly tasks: readonly Task[]
}
type Client = {
  readonly client_id: string
  readonly client_secret?: string
  readonly jwks?: { readonly keys: readonly [Readonly<Record<string, string>>] }
}
type Fields = { readonly browser: readonly Rule[]; readonly client: Client }
/** The configuration of a plan of the certification suite: the parts that the tests read. */
export type SuitePlan = Fields & {
  readonly client2: Client
  readonly client_secret_post?: Client
  readonly server: { readonly allow_unexpected_metadata_fields: readonly string[] }
  readonly override: Readonly<Record<string, Partial<Fields & Pick<SuitePlan, 'client2'>>>>
}

/** `*` stands for any characters, everything else for itself. */
function fits(pattern: string, url: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.?+^$()[\]{}|\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(url)
}

/** The browser of the certification suite for one module: it does what the plan's `browser` says, in Chromium. */
export function suiteBrowser(page: Page, plan: SuitePlan, module = '') {
  const rules = plan.override[module]?.browser ?? plan.browser
  const visits = new Map<Rule, number>()
  const screenshots: string[] = []

  const selected = (how: string, where: string) =>
    page
      .locator({ id: `#${where}`, css: where, xpath: `xpath=${where}` }[how] ?? `[${how}]`)
      .first()

  async function click(how: string, where: string): Promise<void> {
    const left = page.waitForEvent('framenavigated')
    await selected(how, where).click()
    await left
    await page.waitForLoadState()
  }

  async function wait(how: string, where: string, more: readonly unknown[]): Promise<void> {
    const [, pattern, action] = more
    const element = selected(how, where)
    await element.waitFor({ state: 'attached', timeout: 60_000 })
    if (!pattern) return
    const text = (await element.textContent()) ?? ''
    expect(text).toMatch(new RegExp(String(pattern)))
    if (action) screenshots.push(text)
  }

  async function run([what, how, where, ...more]: Command): Promise<void> {
    if (what === 'wait') return wait(how, where, more)
    if (more.at(-1) === 'optional' && !(await selected(how, where).count())) return
    if (what === 'click') return click(how, where)
    expect(what).toBe('text')
    await selected(how, where).fill(String(more[0]))
  }

  async function perform({ task, match, optional, commands }: Task): Promise<void> {
    const url = page.url()
    if (optional && !fits(match, url)) return
    expect({ task, url, fits: fits(match, url) }).toEqual({ task, url, fits: true })
    for (const command of commands) await run(command)
  }

  /** The first rule that fits and is not used up. */
  function ruleFor(url: string): Rule {
    const rule = rules.find((each) => {
      const limit = each['match-limit'] ?? Number.POSITIVE_INFINITY
      return fits(each.match, url) && (visits.get(each) ?? 0) < limit
    })
    if (!rule) throw new Error(`No rule for ${url}`)
    visits.set(rule, (visits.get(rule) ?? 0) + 1)
    return rule
  }

  return {
    /** The text of each page, in place of the pictures that the suite keeps for a reviewer. */
    screenshots,
    async visit(url: string): Promise<URL> {
      const { tasks } = ruleFor(url)
      await page.goto(url)
      for (const task of tasks) await perform(task)
      return new URL(page.url())
    },
  }
}
