import { randomUUID } from 'node:crypto'
import {
  type AdapterPayload,
  errors,
  type Interaction,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider'
import type { Policy } from '../../../../config/limits-and-lifetimes.ts'
import { networkOf } from '../../../people/network.ts'
import type { Refusal } from '../../../people/refusal.ts'
import type { Counters } from '../../../ports/counters.ts'
import type { OpenRequests } from '../../../ports/open-requests.ts'
import type { CaptchaPage } from '../../../proofs/captcha-risk.ts'
import { type CaptchaPorts, checkCaptcha } from '../../../proofs/check-captcha.ts'
import { isPublic } from '../../clients/pkce-requirement.ts'
import { formFieldsOf } from '../form-fields.ts'
import { TooManyRequests } from './too-many-requests.ts'

export type OpenRequestPorts = CaptchaPorts & {
  readonly counters: Pick<Counters, 'add'>
  readonly openRequests: OpenRequests
  readonly policy: Pick<Policy, 'openRequests'>
}

/** Many requests wait for this address, so that the next one needs a captcha; with a refusal for a wrong answer. */
export class OpenRequestNeedsCaptcha extends errors.OIDCProviderError {
  override readonly allow_redirect = false
  readonly refusals: readonly Refusal[]
  constructor(refusals: readonly Refusal[]) {
    super(429, 'access_denied')
    this.refusals = refusals
  }
}

/**
 * Counts the open requests of whoever sends this one, and rejects it or demands a captcha if they are too many. A request
 * with `prompt=none` leaves no page waiting. Those of a signed-in person are counted when one needs a page
 * (`refuseTooManyPages`), since most need none.
 */
export async function refuseTooManyOpen(ctx: KoaContextWithOIDC, ports: OpenRequestPorts) {
  const { captcha, most } = ports.policy.openRequests
  const { oidc } = ctx
  if (oidc.prompts.has('none')) return
  if (oidc.route !== 'authorization') return countPushed(ctx, ports)
  if (oidc.session?.accountId) return
  const open = await ports.openRequests.count(openedBy(ctx))
  if (open >= most) throw tooManyOpen(ctx, ports)
  if (!oidc.entities.PushedAuthorizationRequest && open >= captcha) await demandCaptcha(ctx, ports)
}

/** Rejects the page that a signed-in person's request needs if too many wait for this person, before it is stored. */
export async function refuseTooManyPages(
  { session }: AdapterPayload,
  ports: Pick<OpenRequestPorts, 'counters' | 'openRequests' | 'policy'>,
): Promise<void> {
  const { ctx } = Provider
  if (!session?.accountId || ctx?.oidc.route !== 'authorization') return
  const open = await ports.openRequests.count(countedFor(session.accountId, ctx.ip))
  if (open >= ports.policy.openRequests.most) throw tooManyOpen(ctx, ports)
}

function tooManyOpen(
  ctx: KoaContextWithOIDC,
  ports: Pick<OpenRequestPorts, 'counters' | 'policy'>,
) {
  ports.counters.add('limits', { limit: 'open-requests' })
  return new TooManyRequests(ctx, ports.policy.openRequests.unopened, 'too many open requests')
}

/** Pushed and device requests are stored right after this; authorization requests are counted with their interaction. */
async function countPushed(ctx: KoaContextWithOIDC, ports: OpenRequestPorts) {
  const { most, pushed, unopened } = ports.policy.openRequests
  const lifetime = ctx.oidc.route === 'device_authorization' ? unopened : pushed
  const { openRequests } = ports
  if (!(await openRequests.addWithin(most, openedBy(ctx), randomUUID(), lifetime)))
    throw tooManyOpen(ctx, ports)
}

/** Counts an interaction for the network address or the account that began it. */
export const addOpenRequest = (
  ctx: KoaContextWithOIDC,
  interaction: Interaction,
  { openRequests, policy }: OpenRequestPorts,
): Promise<void> =>
  openRequests.add(beganBy(interaction, ctx.ip), interaction.uid, policy.openRequests.unopened)

/** Counts an interaction whose page was opened for as long as it lives then, in seconds. */
export const countOpened = (
  ip: string,
  interaction: Interaction,
  lifetime: number,
  openRequests: OpenRequests,
): Promise<void> => openRequests.add(beganBy(interaction, ip), interaction.uid, lifetime)

/** Counts a session of nobody for the network address: the pages of logout and devices store one for each visitor. */
export async function countAnonymousSession(
  id: string,
  lifetime: number,
  ports: Pick<OpenRequestPorts, 'counters' | 'openRequests' | 'policy'>,
): Promise<void> {
  const ctx = Provider.ctx
  if (!ctx) return
  const { most } = ports.policy.openRequests
  const subject = `sessions:${networkOf(ctx.ip)}`
  if (!(await ports.openRequests.addWithin(most, subject, id, lifetime)))
    throw tooManyOpen(ctx, ports)
}

/** Uncounts an interaction when its record is removed: its request goes on, or the person cancelled it. */
export function removeEndedRequests(
  provider: Provider,
  { openRequests }: Pick<OpenRequestPorts, 'openRequests'>,
): void {
  provider.on('interaction.destroyed', (interaction) => {
    const ctx = Provider.ctx
    if (!ctx) return
    openRequests
      .remove(beganBy(interaction, ctx.ip), interaction.uid)
      .catch((error: unknown) =>
        ctx.state['log']?.warn({ err: error }, 'open request still counted'),
      )
  })
}

/** The page of the demanded captcha, as the captcha knows it. */
export const captchaPageOf = ({ ip }: Pick<KoaContextWithOIDC, 'ip'>): CaptchaPage => ({
  purpose: 'authorization',
  address: networkOf(ip),
})

async function demandCaptcha(ctx: KoaContextWithOIDC, ports: CaptchaPorts): Promise<void> {
  const typed = formFieldsOf(ctx)
  // The field is absent until the page of the captcha has been shown.
  if (typed['action'] || typed['captcha'] === undefined) throw new OpenRequestNeedsCaptcha([])
  const checked = await checkCaptcha(typed['captchaId'], typed, captchaPageOf(ctx), ports)
  if ('code' in checked) throw new OpenRequestNeedsCaptcha([checked])
}

/**
 * A server that authenticated itself is counted by its client id, a signed-in person by the account, everybody else by
 * the network address.
 */
function openedBy(ctx: KoaContextWithOIDC): string {
  const { client, route, session } = ctx.oidc
  const isServer = route === 'pushed_authorization_request' || route === 'device_authorization'
  if (isServer && client && !isPublic(client)) return `client:${client.clientId}`
  return countedFor(session?.accountId, ctx.ip)
}

const beganBy = ({ session }: Interaction, ip: string) => countedFor(session?.accountId, ip)

const countedFor = (accountId: string | undefined, ip: string) =>
  accountId ? `account:${accountId}` : networkOf(ip)
