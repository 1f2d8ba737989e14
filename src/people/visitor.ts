import type { Locale } from '../../config/sentences.ts'

/** The person at the browser, as far as limits and messages need it. */
export type Visitor = {
  /** The network address; for IPv6 the /64 prefix. */
  readonly address: string
  /** The opaque id in the browser's cookie. */
  readonly browser: string
  readonly locale: Locale
  /** Whether this request contained the right answer to a captcha. */
  readonly freshCaptcha: boolean
  /** Whether that captcha was of the hardest level. */
  readonly hardestCaptcha?: boolean
  /** Whether somebody signed in to this account with the browser before. */
  readonly isRemembered: (accountId: string) => boolean
}
