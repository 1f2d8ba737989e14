import type { Client, Interaction, Provider } from 'oidc-provider'
import type { Context } from '../../web/context.ts'
import { readCookie, setCookie } from '../../web/http/own-cookies.ts'
import { rebindSession, type SignedInNow } from './interaction-session.ts'

/** An open interaction: the authorization request, its client, and the person at the browser. */
export type WaitingInteraction = {
  readonly interaction: Interaction
  readonly client: Client
  readonly signedInNow: SignedInNow
}

/**
 * `expired`: it took too long or was finished; `foreign`: it belongs to another browser; `cookies`: it belongs to
 * another browser, or this browser stores no cookies.
 */
export type LostInteraction = {
  readonly why: 'expired' | 'foreign' | 'cookies'
  readonly client: Client | undefined
}

/** The cookie outlives the interaction, so that an expired page can link to its client. In ms. */
const day = 24 * 3600 * 1000
const cookie = 'system'
const path = '/interaction'

/** Finds the interaction of an address if it belongs to this browser. */
export async function findInteraction(
  ctx: Context,
  uid: string,
  provider: Provider,
): Promise<WaitingInteraction | LostInteraction> {
  const interaction = await provider.Interaction.find(uid)
  if (!interaction) return { why: 'expired', client: await clientOfExpired(ctx, provider) }
  const client = await clientOf(interaction, provider)
  const isMine = ctx.cookies.get(provider.cookieName('interaction')) === uid
  if (!isMine) return { why: ctx.state.sentCookies ? 'foreign' : 'cookies', client }
  if (!client) return { why: 'expired', client }
  setCookie(ctx, cookie, Buffer.from(client.clientId).toString('base64url'), {
    path: `${path}/${uid}`,
    maxAge: day,
  })
  return { interaction, client, signedInNow: await rebindSession(ctx, interaction, provider) }
}

/** The client of an expired interaction. */
async function clientOfExpired(ctx: Context, provider: Provider): Promise<Client | undefined> {
  const id = Buffer.from(readCookie(ctx, cookie, path) ?? '', 'base64url').toString()
  return id ? provider.Client.find(id) : undefined
}

const clientOf = (interaction: Interaction, provider: Provider) =>
  provider.Client.find(String(interaction.params['client_id']))
