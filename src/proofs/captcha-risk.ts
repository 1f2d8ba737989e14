import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { widerNetworksOf } from '../people/network.ts'
import type { CaptchaAnswers } from '../ports/captcha-answers.ts'
import type { Tries, TryRule } from '../ports/limits.ts'
import type { CaptchaRisk } from './captcha-level.ts'
import { triesForUsername } from './tries-counters.ts'

/** A page that shows a captcha, and the person who sees it. */
export type CaptchaPage = {
  /** Only this page accepts the answer: its path, with the id of the flow or of the sign-in. */
  readonly purpose: string
  /** The network address; for IPv6 the /64 prefix. */
  readonly address: string
  /** The id of the flow or of the sign-in. */
  readonly flow?: string | undefined
  /** The typed username. */
  readonly name?: string | undefined
  /** A decision requires this level, whatever the risk. */
  readonly required?: 'hardest' | undefined
}

export type CaptchaRiskPorts = {
  readonly captchaAnswers: CaptchaAnswers
  readonly tries: Tries
  readonly policy: Pick<Policy, 'captcha' | 'login'>
}

type Scope = keyof CaptchaRisk['wrong']
type Counter = readonly [scope: Scope, subject: string, rule: TryRule]

/** The counters of wrong captchas: the flow, the address, and the networks around it, the smallest first. */
export function wrongCaptchaCounters(
  { address, flow }: Pick<CaptchaPage, 'address' | 'flow'>,
  { wrong }: Policy['captcha'],
): readonly Counter[] {
  return [
    ...(flow ? [['flow', flow, wrong.flow] as const] : []),
    ['address', address, wrong.address],
    ...widerNetworksOf(address).map(({ kind, prefix }) => [kind, prefix, wrong[kind]] as const),
  ]
}

/** The name of a counter in the store. */
export const wrongCaptchas = (scope: Scope): string => `captcha.${scope}`

/** Counts a wrong password or another wrong secret, so that the next captcha of this address is harder. */
export async function countRefusedSecret(
  address: string,
  { tries, policy }: { readonly tries: Tries; readonly policy: Pick<Policy, 'captcha'> },
): Promise<void> {
  await tries.begin(refusedSecrets, address, policy.captcha.refusedSecrets)
}

const refusedSecrets = 'captcha.refused-secrets'

/** Reads what is known about the risk of a page. */
export async function captchaRisk(
  page: CaptchaPage,
  { captchaAnswers, tries, policy: { captcha, login } }: CaptchaRiskPorts,
): Promise<CaptchaRisk> {
  const ofName = async (name: string) => tries.failed(...triesForUsername(name), login)
  const [counts, name, address, platform] = await Promise.all([
    Promise.all(
      wrongCaptchaCounters(page, captcha).map(
        async ([scope, subject, rule]) =>
          [scope, await tries.failed(wrongCaptchas(scope), subject, rule)] as const,
      ),
    ),
    page.name ? ofName(page.name) : 0,
    tries.failed(refusedSecrets, page.address, captcha.refusedSecrets),
    captchaAnswers.recent(),
  ])
  const none = { address: 0, network: 0, site: 0, flow: 0 }
  return {
    wrong: { ...none, ...Object.fromEntries(counts) },
    refused: { name, address },
    platform,
  }
}
