import type { ManagedClients } from '../../ports/operators/managed-clients.ts'
import type { Show } from '../access/console-frame.ts'
import type { ConsoleRouter } from '../access/console-router.ts'
import { exampleFiles } from './example-code.ts'

export type ClientGuidePorts = {
  readonly managedClients: Pick<ManagedClients, 'find' | 'endpoints'>
  readonly issuer: string
}

/** 接入说明: discovery, the endpoints, and the code of each example with the values of a client. */
export function clientGuidePage(
  router: ConsoleRouter,
  { managedClients, issuer }: ClientGuidePorts,
  show: Show,
) {
  router.on('GET /clients/:id/guide', async (ctx) => {
    const client = (await managedClients.find(String(ctx['params'].id))) ?? ctx.throw(404)
    const { id: clientId, metadata } = client
    return {
      did: 'nothing',
      answer: show('console/client-guide', {
        title: 'clientGuide.title',
        ...{ client, issuer },
        endpoints: Object.entries(managedClients.endpoints()),
        examples: exampleFiles({ issuer, clientId, metadata }),
      }),
    }
  })
}
