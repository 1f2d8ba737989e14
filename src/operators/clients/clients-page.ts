import * as z from 'zod'
import { lastDays } from '../../people/calendar.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Counters } from '../../ports/counters.ts'
import type { ClientChanged } from '../../ports/operators/managed-clients.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, refused } from '../access/console-router.ts'
import { reason } from '../access/reason.ts'
import { clientFormLocals } from './client-form-locals.ts'
import { type ClientPagePorts, clientOutcome } from './client-outcome.ts'
import { clientRefusals } from './client-refusals.ts'
import { typedMetadata } from './typed-metadata.ts'

export type ClientListPorts = { readonly clock: Clock; readonly counters: Pick<Counters, 'read'> }

const onPage = 100

/** The values of the form of a new client at first. */
const usual = {
  scope: 'openid profile',
  grant_types: 'authorization_code',
  token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
}

export const reasonForm = z.object({ reason })

/** 业务系统: the list and 新增业务系统. */
export function clientsPage(
  router: ConsoleRouter,
  ports: ClientPagePorts & ClientListPorts,
  show: Show,
) {
  const { clock, counters, managedClients } = ports

  router.on('GET /clients', async ({ query: { after } }) => {
    const all = await managedClients.list()
    const rest = typeof after === 'string' ? all.filter(({ id }) => id > after) : all
    const signIns = new Map<string, number>()
    for (const { client, count } of await counters.read(
      ...(['client-sign-ins', 'day', lastDays(7, clock())] as const),
    ))
      signIns.set(client, (signIns.get(client) ?? 0) + count)
    const clients = rest
      .slice(0, onPage)
      .map((client) => ({ ...client, signIns: signIns.get(client.id) ?? 0 }))
    const locals = {
      title: 'clients.title',
      ...{ clients, total: all.length },
      next: rest.length > onPage ? clients.at(-1)?.id : undefined,
    } as const
    return { did: 'nothing', answer: show('console/clients', locals) }
  })

  const newPage = (more: { readonly typed?: object; readonly refusals?: readonly Refusal[] }) =>
    show('console/client-new', { title: 'clients.new', ...clientFormLocals(), ...more })

  router.on('GET /clients/new', () => ({ did: 'nothing', answer: newPage({ typed: usual }) }))

  router.on('POST /clients', async (ctx, operator) => {
    const { typed } = ctx.state
    const form = reasonForm.safeParse(typed)
    const given = typedMetadata(typed)
    const id = typed['client_id']?.trim() || undefined
    if (!form.success) {
      // All problems at once: those of the metadata too.
      const problems = await managedClients.check({ ...given, ...(id && { client_id: id }) })
      const refusals = [
        ...clientRefusals(problems, ['client_id']),
        ...refusalsOf(form.error.issues),
      ]
      return refused(newPage({ refusals }))
    }
    const result = await managedClients.create({ ...given, ...(id && { client_id: id }) })
    return clientOutcome(result, { operator, reason: form.data.reason }, ports, {
      refused: async (problems) => newPage({ refusals: clientRefusals(problems, ['client_id']) }),
      done: newSecretPage(show),
    })
  })
}

/** The page that shows a new secret once, or the client if it has none. */
export const newSecretPage =
  (show: Show) =>
  ({ event, secret, previousSecretUntil }: ClientChanged) =>
    secret
      ? show('console/client-secret', {
          title: 'clients.secretTitle',
          ...{ clientId: event.clientId, secret, previousSecretUntil },
        })
      : goTo(`/clients/${encodeURIComponent(event.clientId)}?done=${event.what}`)
