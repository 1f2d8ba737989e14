import type { Client, Interaction, Provider } from 'oidc-provider'
import type { Context } from '../../web/context.ts'
import { setCookie } from '../../web/http/cookies.ts'
import { followSession, type SignedInNow } from './interaction-session.ts'

/** The data of an interaction's page: the authorization request that waits, its client, and the person at the browser. */
export type WaitingInteraction = {
  readonly interaction: Interaction
  readonly client: Client
  readonly signedInNow: SignedInNow
}

/**
 * `expired`: it took too long or was finished; `foreign`: it belongs to another browser; `cookies`: the same, or this
 * browser keeps none.
 */
export type LostInteraction = {
  readonly why: 'expired' | 'foreign' | 'cookies'
  readonly client: Client | undefined
}

/** Outlives the interaction, to tell where to start again. In ms. */
const day = 24 * 3600 * 1000
const cookie = 'system'

/** The interaction of this address, if it is this browser's. */
export async function findInteraction(
  ctx: Context,
  uid: string,
  provider: Provider,
): Promise<WaitingInteraction | LostInteraction> {
  const interaction = await provider.Interaction.find(uid)
  if (!interaction) return { why: 'expired', client: await clientBefore(ctx, provider) }
  const client = await clientOf(interaction, provider)
  const isMine = ctx.cookies.get(provider.cookieName('interaction')) === uid
  if (!isMine) return { why: ctx.state.sentCookies ? 'foreign' : 'cookies', client }
  if (!client) return { why: 'expired', client }
  setCookie(ctx, cookie, Buffer.from(client.clientId).toString('base64url'), {
    path: `/interaction/${uid}`,
    maxAge: day,
  })
  return { interaction, client, signedInNow: await followSession(ctx, interaction, provider) }
}

/** Whose interaction this was. */
async function clientBefore(ctx: Context, provider: Provider): Promise<Client | undefined> {
  const id = Buffer.from(ctx.cookies.get(cookie) ?? '', 'base64url').toString()
  return id ? provider.Client.find(id) : undefined
}

const clientOf = (interaction: Interaction, provider: Provider) =>
  provider.Client.find(String(interaction.params['client_id']))
