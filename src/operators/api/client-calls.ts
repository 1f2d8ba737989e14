import * as z from 'zod'
import type { RecordedAnswer } from '../../ports/idempotent-requests.ts'
import type {
  ClientChanged,
  ClientResult,
  GivenMetadata,
  ManagedClient,
  ManagedClients,
} from '../../ports/operators/managed-clients.ts'
import { type ApiCall, type ApiOutcome, apiCall } from './api-call.ts'
import type { ApiProblem } from './api-problem.ts'
import { changedClientBody, clientAnswer, newClientBody } from './client-body.ts'
import { decodedCursor, encodedCursor } from './cursor.ts'
import { twoPersonsCall } from './two-persons-call.ts'
import { pageSize, reasonBody } from './values.ts'

export type ClientCallsPorts = {
  readonly managedClients: Pick<
    ManagedClients,
    'list' | 'find' | 'create' | 'change' | 'rotateSecret'
  >
}

const list = z.strictObject({ cursor: z.string().optional(), limit: pageSize(100, 100) })
const page = z.object({ clients: z.array(clientAnswer), next: z.string().optional() })

/** 业务系统. A change that gives a client power takes two persons. */
export function clientCalls({ managedClients }: ClientCallsPorts): readonly ApiCall[] {
  /** The client after a change, with a new secret. */
  const shownAfter =
    (status: number) =>
    async ({ event: { clientId }, secret }: ClientChanged): Promise<RecordedAnswer> => {
      const client = await managedClients.find(clientId)
      const body = client && { ...shown(client), ...(secret && { client_secret: secret }) }
      return { status, body: body ?? { client_id: clientId } }
    }

  /** An action on a client that exists. */
  async function onClient(
    id: string,
    act: (client: ManagedClient) => Promise<ApiOutcome>,
  ): Promise<ApiOutcome> {
    const client = await managedClients.find(id)
    return client ? act(client) : { name: 'not-found' }
  }

  return [
    apiCall({
      route: 'GET /clients',
      summary: 'The clients in the order of their ids',
      query: list,
      answer: { status: 200, description: 'A page of them.', schema: page },
      problems: [],
      async run({ query: { cursor, limit } }) {
        const after = cursor === undefined ? '' : decodedCursor(cursor)
        if (after === undefined) return { name: 'request', detail: 'adminApi.cursor' }
        const rest = (await managedClients.list()).filter(({ id }) => id > after)
        const clients = rest.slice(0, limit).map(shown)
        const last = rest.length > limit ? clients.at(-1)?.client_id : undefined
        const body = { clients, ...(last && { next: encodedCursor(last) }) }
        return { did: 'nothing', answer: { status: 200, body } }
      },
    }),
    apiCall({
      route: 'POST /clients',
      summary: 'Add a client; its secret is disclosed this once',
      body: newClientBody,
      answer: { status: 201, description: 'Added.', schema: clientAnswer },
      problems: ['two-persons'],
      async run({ body: { reason, ...given }, once }) {
        return outcomeOf(await managedClients.create(given, once), reason, shownAfter(201))
      },
    }),
    apiCall({
      route: 'GET /clients/:id',
      summary: 'A client',
      answer: { status: 200, description: 'The client.', schema: clientAnswer },
      problems: ['not-found'],
      run: ({ param }) =>
        onClient(param('id'), async (client) => ({
          did: 'nothing',
          answer: { status: 200, body: shown(client) },
        })),
    }),
    apiCall({
      route: 'PATCH /clients/:id',
      summary: 'Change the named metadata of a client; null removes a name',
      body: changedClientBody,
      answer: { status: 200, description: 'The client now.', schema: clientAnswer },
      problems: ['not-found', 'conflict', 'two-persons'],
      run: ({ body: { reason, ...given }, param }) =>
        onClient(param('id'), async (client) => {
          const result = await managedClients.change(client.id, given)
          if (isUnchanged(result))
            return { did: 'nothing', answer: { status: 200, body: shown(client) } }
          return outcomeOf(result, reason, shownAfter(200))
        }),
    }),
    apiCall({
      route: 'POST /clients/:id/secret',
      summary: 'Make another secret; the old one is valid for a week',
      body: reasonBody,
      answer: {
        ...{ status: 200, description: 'The secret, this once.' },
        schema: z.object({ client_secret: z.string() }),
      },
      problems: ['not-found', 'two-persons'],
      run: ({ body: { reason }, once, param }) =>
        onClient(param('id'), async ({ id }) =>
          outcomeOf(
            await managedClients.rotateSecret(id, undefined, once),
            reason,
            async ({ secret }) => ({
              status: 200,
              body: { client_secret: secret },
            }),
          ),
        ),
    }),
    twoPersonsCall('DELETE /clients/:id', 'Takes two persons: a client is removed in the console'),
  ]
}

/** The event and the answer of an action, or why it is not done. */
async function outcomeOf(
  result: ClientResult,
  reason: string,
  answer: (changed: ClientChanged) => Promise<RecordedAnswer>,
): Promise<ApiOutcome> {
  if ('review' in result) return { name: 'two-persons', detail: 'adminApi.twoPersons.detail' }
  if ('problems' in result) return problemOf(result.problems)
  return { did: { ...result.event, reason }, answer: await answer(result) }
}

function problemOf(problems: Extract<ClientResult, { problems: unknown }>['problems']): ApiProblem {
  const conflict = problems.find(({ code }) => conflicts.test(code))
  return conflict
    ? { name: 'conflict', detail: conflict.code, params: conflict.params }
    : { name: 'invalid-values', errors: problems }
}

/** Problems of the client as it is, not of the values. */
const conflicts = /^clients\.(changedOnlyBy\.|overtaken$|noSecret$)/

const isUnchanged = (result: ClientResult): boolean =>
  'problems' in result && result.problems.some(({ code }) => code === 'clients.unchanged')

const shown = ({ id, metadata, owner, isDisabled }: ManagedClient) =>
  ({ ...metadata, client_id: id, owner, disabled: isDisabled }) satisfies GivenMetadata
