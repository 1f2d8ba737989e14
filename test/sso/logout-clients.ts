import * as oidc from 'openid-client'
import type { LogoutListener } from '../support/logout-listeners.ts'
import { answerOf, type Browser, callback, clients, relyingPartyWith, signIn } from './platform.ts'

/** A client with a session of the person and a listener for logout tokens. */
export type LogoutClient = {
  readonly id: string
  readonly listener: LogoutListener
  readonly idToken: string
}

/** The metadata of one client for each listener. */
export const logoutClients = (listeners: readonly LogoutListener[]) =>
  listeners.map(({ uri }, at) => ({
    ...clients.exam,
    client_id: `system-${at}`,
    backchannel_logout_uri: uri,
    backchannel_logout_session_required: true,
  }))

/** Signs in at all clients with one login. */
export async function signInEverywhere(
  issuer: string,
  listeners: readonly LogoutListener[],
  browser: Browser,
  typed?: Readonly<Record<string, string>>,
): Promise<LogoutClient[]> {
  const signedIn: LogoutClient[] = []
  for (const [at, listener] of listeners.entries()) {
    const id = `system-${at}`
    const { client_secret: secret } = clients.exam
    const options = { execute: [oidc.allowInsecureRequests] }
    const { ask } = relyingPartyWith(
      await oidc.discovery(new URL(issuer), id, secret, oidc.ClientSecretBasic(secret), options),
    )
    const { url, tokens } = await ask()
    const answer = at
      ? answerOf(await browser.visit(url, callback))
      : await signIn(browser, url, typed)
    signedIn.push({ id, listener, idToken: String((await tokens(answer)).id_token) })
  }
  return signedIn
}
