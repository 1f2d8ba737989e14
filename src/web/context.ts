import type { ParameterizedContext } from 'koa'
import type { Logger } from 'pino'
import type { Locale } from '../../config/sentences.ts'
import type { Operator } from '../people/operator.ts'
import type { SignedIn } from '../people/signed-in-account.ts'
import type { ClientLink } from '../ports/sso/client-links.ts'

/** The accounts that somebody signed in to with this browser before. */
export type Device = {
  isRemembered(accountId: string): boolean
  remember(accountId: string): void
}

/** The state of a request, which the middlewares of this folder set before a page is rendered. */
export type WebState = {
  /** The id in the log and on error pages, by which support finds the log lines of an error page. */
  requestId: string
  log: Logger
  locale: Locale
  /** The trace of the request, where there are traces. */
  traceId?: string | undefined
  /** 长者模式. */
  largeText: boolean
  /** The time by which the request has to be answered (`performance.now()`). */
  deadline: number
  /** The opaque id in the browser's cookie, which lasts for a year. */
  browser: string
  /** Whether the request had that cookie. A first request has none, nor has a browser that rejects cookies. */
  sentCookies: boolean
  device: Device
  /** The form of a POST (`readForm`). */
  typed: Readonly<Record<string, string>>
  /** Set on pages that require a login (`src/account/`). */
  signedIn?: SignedIn
  /** The operator who is signed in, on pages of the console (`src/operators/access/`). */
  operator?: Operator
  /** The client that led the person here, for the link back to it (`src/account/referring-client.ts`). */
  referringClient?: ClientLink
}

export type Context = ParameterizedContext<WebState>
