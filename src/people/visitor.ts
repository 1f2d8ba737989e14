import type { Locale } from '../../config/sentences.ts'

/** Who is at the keyboard, as far as limits and messages care. */
export type Visitor = {
  /** The network address; of IPv6 the /64. */
  readonly address: string
  /** An opaque id that this browser keeps for a year. */
  readonly browser: string
  readonly locale: Locale
  /** Whether a captcha was answered rightly in this very request. */
  readonly freshCaptcha: boolean
}
