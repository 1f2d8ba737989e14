import type { FilledPage, personAtForms } from './person-at-forms.ts'

type AtForms = ReturnType<typeof personAtForms>

export const stepOf = ({ url }: FilledPage) => url.pathname.split('/').at(-1)
export const addressOf = ({ url }: FilledPage, step: string) => url.href.replace(/[^/]*$/, step)

/** The actions of all buttons on all pages. */
const actions = ['next', 'send', 'back', 'captcha', 'listen', 'questions', 'otherPhone']

/**
 * Requests all steps of a flow that has reached the step of `page`, by GET and by every button, with valid input for all
 * steps. Expects that each step that is not open redirects to the reached one.
 */
export async function expectOnlyReachedSteps(
  at: AtForms,
  page: FilledPage,
  steps: readonly string[],
  typed: Readonly<Record<string, string>>,
): Promise<void> {
  const reached = String(stepOf(page))
  const open = reached === 'done' ? ['done'] : steps.slice(0, steps.indexOf(reached) + 1)
  for (const step of [...steps, 'nothing']) {
    const shown = await at.open(addressOf(page, step))
    const expected = open.includes(step) ? step : reached
    expect([step, shown.status, stepOf(shown)]).toEqual([step, 200, expected])
    if (open.includes(step) && step !== 'done') continue
    for (const action of actions) {
      const body = new URLSearchParams({ ...typed, action })
      const sent = await at.browser.request(addressOf(page, step), { method: 'POST', body })
      expect([step, action, sent.status, sent.headers.get('location')]).toEqual([
        step,
        action,
        303,
        new URL(addressOf(page, reached)).pathname,
      ])
    }
  }
}
