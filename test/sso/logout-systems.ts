import * as oidc from 'openid-client'
import type { LogoutListener } from '../support/logout-listeners.ts'
import { answerOf, askingBy, type Browser, callback, clients, signIn } from './platform.ts'

/** A business system that one login is good for, and that listens for logout messages. */
export type LogoutSystem = {
  readonly id: string
  readonly listener: LogoutListener
  readonly idToken: string
}

/** Client metadata of so many systems, one for each listener. */
export const logoutClients = (listeners: readonly LogoutListener[]) =>
  listeners.map(({ uri }, at) => ({
    ...clients.exam,
    client_id: `system-${at}`,
    backchannel_logout_uri: uri,
    backchannel_logout_session_required: true,
  }))

/** Signs in at all of them with one login. */
export async function signInEverywhere(
  issuer: string,
  listeners: readonly LogoutListener[],
  browser: Browser,
  typed?: Readonly<Record<string, string>>,
): Promise<LogoutSystem[]> {
  const systems: LogoutSystem[] = []
  for (const [at, listener] of listeners.entries()) {
    const id = `system-${at}`
    const { client_secret: secret } = clients.exam
    const options = { execute: [oidc.allowInsecureRequests] }
    const { ask } = askingBy(
      await oidc.discovery(new URL(issuer), id, secret, oidc.ClientSecretBasic(secret), options),
    )
    const { url, tokens } = await ask()
    const answer = at
      ? answerOf(await browser.visit(url, callback))
      : await signIn(browser, url, typed)
    systems.push({ id, listener, idToken: String((await tokens(answer)).id_token) })
  }
  return systems
}
