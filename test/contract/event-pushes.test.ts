import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { eventQueueMongo } from '../../src/adapters/events/event-queue-mongo.ts'
import { eventStreamsMongo } from '../../src/adapters/events/event-streams-mongo.ts'
import { pushClaimsMongo } from '../../src/adapters/events/push-claims-mongo.ts'
import { pushEvents } from '../../src/events/push-events.ts'
import { testClock } from '../support/clock.ts'
import { ownPort } from '../support/own-port.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const hour = 3600
const policy = policyOf()
const clients = Array.from({ length: 100 }, (_, n) => `client-${n}`)
const broken = clients.slice(0, 10)

let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

/** A server with a push endpoint for each client, which answers 500 while the client is down. */
async function pushServer() {
  const heard = new Map(clients.map((id) => [id, [] as string[]]))
  const attempts = new Map(clients.map((id) => [id, 0]))
  const down = new Set<string>()
  const server = createServer(async (request, response) => {
    const id = request.url?.slice(1) ?? ''
    const token = await text(request)
    attempts.set(id, (attempts.get(id) ?? 0) + 1)
    if (!down.has(id)) heard.get(id)?.push(token)
    response.writeHead(down.has(id) ? 500 : 202).end()
  })
  const port = await ownPort()
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  return { server, heard, attempts, down, urlOf: (id: string) => `http://127.0.0.1:${port}/${id}` }
}

test('90 of 100 receivers get each event although 10 are down for an hour, and then those get all in order', async () => {
  const { clock, turn } = testClock()
  const { server, heard, attempts, down, urlOf } = await pushServer()
  const store = { connection: stores.mongodb, encryption: testEncryption(), clock }
  const eventStreams = await eventStreamsMongo(store)
  const eventQueue = await eventQueueMongo({
    ...{ ...store, policy: policy.events },
    clientsOf: async () => clients,
  })
  const { claim } = pushClaimsMongo({ ...store, policy })
  const push = pushEvents({
    ...{ eventQueue, eventStreams, policy, issuer: 'https://issuer.test' },
    log: { warn: () => {} },
    delivery: {
      audienceOf: async () => ({ subjectOf: (id) => id, knowsSessions: true }),
      sign: async (claims) => String(claims['sid']),
      post: (address, body) => fetch(address, { method: 'POST', body }),
    },
  })
  for (const id of clients)
    await eventStreams.create(id, { delivery: { method: 'push', endpoint: urlOf(id) } })
  /** Lets a worker have one turn. */
  const work = async () => {
    const claimed = await claim(policy.tasks.push.together)
    const outcomes = claimed.map(async (task) =>
      (await push(task.read())) ? task.finish() : task.retry(),
    )
    await Promise.all(outcomes)
  }

  for (const id of broken) down.add(id)
  const rounds = 4
  for (let round = 0; round < rounds; round += 1) {
    const event = { name: 'session-revoked', sid: String(round) } as const
    const everywhere = clients.map((clientId) => ({ clientId, event }))
    await eventQueue.add('somebody', everywhere)
    await work()
    const late = clients.filter((id) => !down.has(id) && heard.get(id)?.length !== round + 1)
    expect([round, late]).toEqual([round, []])
    turn(hour / rounds)
  }
  // A receiver that is down is asked at most once in a turn, however many events wait for it.
  expect(broken.map((id) => attempts.get(id))).toEqual(broken.map(() => rounds))
  down.clear()
  await work()
  const all = Array.from({ length: rounds }, (_, round) => String(round))
  expect([...heard.values()]).toEqual(clients.map(() => all))
  server.close()
  server.closeAllConnections()
})
