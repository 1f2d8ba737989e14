import { messages } from '../../../config/messages.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { ClientResult, ManagedClient } from '../../ports/operators/managed-clients.ts'
import type { Context } from '../../web/context.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, type Outcome, refused } from '../access/console-router.ts'
import { clientFieldLabel } from './client-form.ts'
import { clientFormLocals } from './client-form-locals.ts'
import { type ClientPagePorts, clientOutcome } from './client-outcome.ts'
import { clientRefusals } from './client-refusals.ts'
import { newSecretPage, reasonForm } from './clients-page.ts'
import { metadataInForm, metadataText, typedMetadata } from './typed-metadata.ts'

/** One client of 业务系统: change, 更换密钥, 停用, 启用 and 移除. */
export function clientPage(router: ConsoleRouter, ports: ClientPagePorts, show: Show) {
  const { managedClients } = ports

  const page = (
    client: ManagedClient,
    more: {
      readonly typed?: object
      readonly refusals?: readonly Refusal[]
      readonly done?: unknown
    },
  ) =>
    show('console/client', {
      title: 'clients.client',
      client,
      ...clientFormLocals(),
      lines: Object.entries(client.metadata).map(([name, value]) => ({
        name,
        label: clientFieldLabel(name),
        text: metadataText(value),
      })),
      ...more,
    })

  const clientAt = async (ctx: Context) =>
    (await managedClients.find(String(ctx['params'].id))) ?? ctx.throw(404)

  router.on('GET /clients/:id', async (ctx) => {
    const client = await clientAt(ctx)
    const done = `clients.done.${ctx.query['done']}`
    const typed = metadataInForm(client.metadata)
    const more = { typed, done: done in messages ? done : undefined }
    return { did: 'nothing', answer: page(client, more) }
  })

  router.on('POST /clients/:id', async (ctx, operator) => {
    const client = await clientAt(ctx)
    const { typed } = ctx.state
    const form = reasonForm.safeParse(typed)
    const given = typedMetadata(typed)
    if (!form.success) {
      const problems = await managedClients.check({ ...client.metadata, ...given })
      const refusals = [...clientRefusals(problems), ...refusalsOf(form.error.issues)]
      return refused(page(client, { refusals }))
    }
    const result = await managedClients.change(client.id, given, typed['version'] ?? '')
    return clientOutcome(result, { operator, reason: form.data.reason }, ports, {
      refused: async (problems) => page(client, { refusals: clientRefusals(problems) }),
      done: newSecretPage(show),
    })
  })

  /** An action with 事由 alone. */
  const on = (
    action: 'secret' | 'disable' | 'enable' | 'remove',
    run: (id: string, seen: string) => Promise<ClientResult>,
  ) =>
    router.on(`POST /clients/:id/${action}`, async (ctx, operator): Promise<Outcome> => {
      const client = await clientAt(ctx)
      const again = (refusals: readonly Refusal[]) =>
        page(client, { typed: metadataInForm(client.metadata), refusals })
      const form = reasonForm.safeParse(ctx.state.typed)
      if (!form.success) return refused(again(refusalsOf(form.error.issues).map(besideAction)))
      const result = await run(client.id, ctx.state.typed['version'] ?? '')
      return clientOutcome(result, { operator, reason: form.data.reason }, ports, {
        refused: async (problems) => again(clientRefusals(problems)),
        done: newSecretPage(show),
      })
    })
  on('secret', managedClients.rotateSecret)
  on('disable', managedClients.disable)
  on('enable', managedClients.enable)
  on('remove', managedClients.remove)
}

/** The page has a field 事由 in two forms. */
const besideAction = (refusal: Refusal): Refusal => ({ ...refusal, field: 'actionReason' })
