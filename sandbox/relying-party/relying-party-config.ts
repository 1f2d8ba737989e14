import type { UserInfoResponse } from 'openid-client'
import type { Locale } from '../../config/sentences.ts'
import type { Fact } from './facts.ts'

/** The properties in which the sandbox's relying parties differ. */
export type RelyingPartyConfig = {
  /** The prefix of its cookie names, and the selector of its colours in look.css. */
  readonly key: string
  /** The prefix of its settings, as in `EXAM_PORT` and `EXAM_CLIENT_SECRET`. */
  readonly setting: string
  readonly port: number
  readonly id: string
  /** The Chinese name under which it is registered. */
  readonly name: string
  readonly scope: string
  /** Client metadata beside the usual ones. */
  readonly metadata?: object
  /** Whether it receives events about its users. */
  readonly receivesEvents?: boolean
  /** Returns the facts that its page shows about a person. */
  readonly facts: (userinfo: UserInfoResponse) => readonly Fact[]
  readonly words: Readonly<Record<Locale, RelyingPartyWords>>
}

export type RelyingPartyWords = {
  readonly service: string
  readonly office: string
  readonly signIn: string
  readonly before: string
  readonly needs: readonly string[]
}
