import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { until } from '../../sandbox/ports.mjs'
import {
  type EventReceiver,
  eventReceiver,
  eventUri,
  push,
  pushEndpoint,
  receiverClient,
} from '../support/event-receiver.ts'
import { type SsoPlatform, ssoPlatform } from './platform.ts'

/** The real pauses of several seconds would only prolong the test. */
const shortRetries = (usual: Policy) =>
  ({
    ...usual,
    tasks: { ...usual.tasks, poll: 0.05, push: { ...usual.tasks.push, retries: [0.1] } },
  }) as unknown as Policy

const clients = [receiverClient('receiver')]
let platform: SsoPlatform
let receiver: EventReceiver
let endpoint: Awaited<ReturnType<typeof pushEndpoint>>
let stream: { readonly stream_id: string }
beforeAll(async () => {
  // Events are pushed by any of the processes.
  platform = await ssoPlatform(shortRetries, 2)
  await platform.restartWith(clients)
  receiver = await eventReceiver(platform.issuer, 'receiver')
})
beforeEach(async () => {
  endpoint = await pushEndpoint()
  stream = await receiver.create({ method: push, endpoint_url: endpoint.url })
})
afterEach(async () => {
  await receiver.ask('DELETE', `/ssf/streams?stream_id=${stream.stream_id}`)
  endpoint.close()
})
afterAll(() => platform.close())

const verify = (state: string) =>
  receiver.ask('POST', '/ssf/verification', { stream_id: stream.stream_id, state })

/** The states of the verification events that the endpoint accepted, without repetitions. */
async function statesHeard(): Promise<readonly string[]> {
  const claims = await Promise.all(endpoint.received.map(({ token }) => receiver.verified(token)))
  const byId = new Map(claims.map(({ jti, ...each }) => [jti, each]))
  return [...byId.values()].map((each) => each['events'][eventUri.verification].state)
}
const untilHeard = (states: readonly string[]) =>
  until(async () => (await statesHeard()).length >= states.length, {
    seconds: 60,
    what: 'the events',
  })

test('a receiver that ends in between gets all events in order once it is back', async () => {
  await verify('1')
  await untilHeard(['1'])
  endpoint.close()
  for (const state of ['2', '3']) await verify(state)
  // Several attempts fail.
  await sleep(500)
  await endpoint.open()
  endpoint.answerWith({ status: 500 })
  await until(async () => endpoint.refusals() > 2, { seconds: 60, what: 'further attempts' })
  await verify('4')
  endpoint.answerWith({ status: 202 })
  const all = ['1', '2', '3', '4']
  await untilHeard(all)
  expect(await statesHeard()).toEqual(all)
})

test('an event that the receiver finds invalid is not sent again, and does not delay the next', async () => {
  endpoint.answerWith({ status: 400, body: { err: 'invalid_request', description: 'personal?' } })
  await verify('1')
  await until(async () => endpoint.refusals() === 1, { seconds: 60, what: 'the refusal' })
  endpoint.answerWith({ status: 202 })
  await verify('2')
  await untilHeard(['2'])
  expect(await statesHeard()).toEqual(['2'])
  const lines = platform.lines.filter((line) => line.includes('event refused'))
  expect(lines[0]).toContain('invalid_request')
  expect(lines.join()).not.toContain('personal?')
})

test.each([
  { status: 400, body: { err: 'authentication_failed' } },
  { status: 400 },
  { status: 401 },
  { status: 302 },
])('an event is sent again after the answer %j', async (answer) => {
  endpoint.answerWith(answer)
  await verify('1')
  await until(async () => endpoint.refusals() > 1, { seconds: 60, what: 'a second attempt' })
  endpoint.answerWith({ status: 202 })
  await untilHeard(['1'])
})

test('events of a disabled client wait until it is enabled again', async () => {
  endpoint.answerWith({ status: 500 })
  await verify('1')
  await platform.restartWith([])
  endpoint.answerWith({ status: 202 })
  await sleep(500)
  expect(await statesHeard()).toEqual([])
  await platform.restartWith(clients)
  await untilHeard(['1'])
})
