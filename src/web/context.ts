import type { ParameterizedContext } from 'koa'
import type { Logger } from 'pino'
import type { Locale } from '../../config/sentences.ts'
import type { SignedIn } from '../people/signed-in-account.ts'
import type { ClientLink } from '../ports/sso/client-links.ts'

/** What every request knows by the time a page is made; set by the middlewares of this folder. */
export type WebState = {
  /** Stands in the log and on error pages, so that support can find one from the other. */
  requestId: string
  log: Logger
  locale: Locale
  /** 长者模式. */
  largeText: boolean
  /** When the request has to be answered (`performance.now()`). */
  deadline: number
  /** An opaque id of the browser, kept for a year. */
  browser: string
  /** Whether the browser sent it back: one that comes here for the first time doesn't, nor one that keeps no cookies. */
  sentCookies: boolean
  /** The form of a POST (`readForm`). */
  typed: Readonly<Record<string, string>>
  /** On pages behind the login (`src/account/`). */
  signedIn?: SignedIn
  /** The system that led the person to these pages, for the way back (`src/account/referring-client.ts`). */
  referringClient?: ClientLink
}

export type Context = ParameterizedContext<WebState>
