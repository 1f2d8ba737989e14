import type { UserInfoResponse } from 'openid-client'
import type { Locale } from '../../config/sentences.ts'
import type { Fact } from './facts.ts'

/** A business system of the sandbox: what makes it another one than its neighbours. */
export type RelyingPartyConfig = {
  /** Begins the names of its cookies, and chooses its colours in look.css. */
  readonly key: string
  /** Begins the names of its settings: `EXAM_PORT`, `EXAM_CLIENT_SECRET`. */
  readonly setting: string
  readonly port: number
  readonly id: string
  /** 业务系统 as people know it in Chinese, and as it is registered. */
  readonly name: string
  readonly scope: string
  /** What its page shows of somebody. */
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
