import { compact } from '../people/fields/typed-text.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { CaptchaLevel, Captchas, ShownCaptcha } from '../ports/captchas.ts'
import { captchaLevel } from './captcha-level.ts'
import {
  type CaptchaPage,
  type CaptchaRiskPorts,
  captchaRisk,
  wrongCaptchaCounters,
  wrongCaptchas,
} from './captcha-risk.ts'

export type CaptchaPorts = CaptchaRiskPorts & { readonly captchas: Captchas }

export const captchaRequired: Refusal = refuse('captcha', 'captcha.required')
const secondRequired: Refusal = refuse('captcha2', 'captcha.requiredSecond')

/** Whether a refusal leaves the captcha of the page valid, since the person has only missed a field. */
export const keepsCaptcha = ({ code }: Refusal): boolean =>
  code === captchaRequired.code || code === secondRequired.code

/** A page asks for a captcha, and its address has got so many that no person read them (decision 0231). */
class TooManyCaptchas extends Error {
  override readonly name = 'TooManyCaptchas'
  /** The properties by which Koa and oidc-provider answer an error that is not a fault of ours. */
  readonly status = 429
  readonly statusCode = 429
  readonly expose = true
  readonly retryAfter: number
  constructor(retryAfter: number) {
    super('too many captchas')
    this.retryAfter = retryAfter
  }
}

/** Draws a captcha that is as easy as the risk allows. Rejects with `TooManyCaptchas`. */
export async function issueCaptcha(page: CaptchaPage, ports: CaptchaPorts): Promise<ShownCaptcha> {
  const { captchas, tries, policy } = ports
  const [wait, risk] = await Promise.all([
    tries.begin('captcha.issued', page.address, policy.captcha.issued),
    captchaRisk(page, ports),
  ])
  if (wait) throw new TooManyCaptchas(wait)
  return captchas.issue(page.purpose, page.required ?? captchaLevel(risk, policy.captcha))
}

/**
 * Checks a typed captcha and uses it up, unless a field is empty. Too many wrong answers make the address, the networks
 * around it and the flow wait: then no answer is accepted (429), and nobody learns whether it was right.
 */
export async function checkCaptcha(
  id: string | undefined,
  typed: Readonly<Record<string, string | undefined>>,
  page: CaptchaPage,
  ports: CaptchaPorts,
): Promise<{ readonly level: CaptchaLevel } | Refusal> {
  const { captcha = '', captcha2, captchaWork } = typed
  if (compact(captcha) === '') return captchaRequired
  const answer = { typed: captcha, second: captcha2, work: captchaWork }
  const verdict = id ? await ports.captchas.answer(id, page.purpose, answer) : 'wrong'
  const wait = await waitAfter(verdict !== 'wrong', page, ports)
  if (wait) return refuse('captcha', 'captcha.wait', { status: 429, retryAfter: wait })
  if (verdict === 'incomplete') return secondRequired
  await ports.captchaAnswers.count(verdict !== 'wrong')
  return verdict === 'wrong' ? refuse('captcha', 'captcha.wrong') : { level: verdict }
}

/**
 * Counts a wrong answer. Returns the seconds of a wait that has begun before, or 0. The smallest counter comes first, so
 * that answers during the wait of one address do not make its network wait.
 */
async function waitAfter(
  isRight: boolean,
  page: CaptchaPage,
  { tries, policy }: CaptchaPorts,
): Promise<number> {
  const counters = wrongCaptchaCounters(page, policy.captcha)
  if (isRight) {
    // Nothing is counted, so all are read at once.
    const waits = counters.map(([scope, subject]) => tries.wait(wrongCaptchas(scope), subject))
    return Math.max(...(await Promise.all(waits)))
  }
  for (const [scope, subject, rule] of counters) {
    const wait = await tries.begin(wrongCaptchas(scope), subject, rule)
    if (wait) return wait
  }
  return 0
}
