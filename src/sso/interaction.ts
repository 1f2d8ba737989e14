import { type Client, errors, type Interaction, type Provider } from 'oidc-provider'
import type { Context } from '../web/context.ts'
import { setCookie } from '../web/cookies.ts'

/** What a page of an interaction needs: the authorization request that waits, and whose it is. */
export type Waiting = { readonly interaction: Interaction; readonly client: Client }

/** `expired`: it took too long or was finished; `foreign`: it belongs to another browser. */
export type Gone = { readonly why: 'expired' | 'foreign'; readonly client: Client | undefined }

/** Outlives the interaction, to tell where to start again. In ms. */
const day = 24 * 3600 * 1000
const cookie = 'system'

/** The interaction of this address, if it is this browser's. */
export async function waitingFor(ctx: Context, uid: string, provider: Provider) {
  const interaction = await detailsOf(ctx, provider)
  if (interaction?.uid !== uid) return goneFor(ctx, uid, provider)
  const client = await clientOf(interaction, provider)
  if (!client) return { why: 'expired', client } satisfies Gone
  setCookie(ctx, cookie, Buffer.from(client.clientId).toString('base64url'), {
    path: `/interaction/${uid}`,
    maxAge: day,
  })
  return { interaction, client } satisfies Waiting
}

async function goneFor(ctx: Context, uid: string, provider: Provider): Promise<Gone> {
  const other = await provider.Interaction.find(uid)
  const mine = ctx.cookies.get(provider.cookieName('interaction')) === uid
  if (other && !mine) return { why: 'foreign', client: await clientOf(other, provider) }
  const known = Buffer.from(ctx.cookies.get(cookie) ?? '', 'base64url').toString()
  return { why: 'expired', client: known ? await provider.Client.find(known) : undefined }
}

async function detailsOf(ctx: Context, provider: Provider): Promise<Interaction | undefined> {
  try {
    return await provider.interactionDetails(ctx.req, ctx.res)
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined
    throw error
  }
}

const clientOf = (interaction: Interaction, provider: Provider) =>
  provider.Client.find(String(interaction.params['client_id']))
