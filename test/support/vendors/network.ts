import diagnostics from 'node:diagnostics_channel'
import type { ExternalService } from '../../../src/adapters/vendors/json-call.ts'
import { collectingGarbage } from '../garbage.ts'
import { ownPort } from '../own-port.ts'
import {
  type Fault,
  faults,
  type LocalServer,
  localServer,
  type Received,
  type Reply,
} from './local-server.ts'
import { personalValues } from './samples.ts'

export type Line = {
  /** Calls the adapter with the sample person and returns the outcome. */
  ask(): Promise<string>
  readonly server: LocalServer
  /** The problems that were reported to the operator, in order. */
  readonly reports: readonly string[]
}

export type Adapter = {
  /** Sends the sample through a new adapter and returns the outcome. */
  readonly ask: (service: ExternalService) => Promise<string>
  /** The vendor's successful answer. */
  readonly well: (request: Received) => Reply
}

/**
 * Connects an adapter to a local server. Fails if personal data was reported or logged meanwhile.
 * @param timeout of a call, in seconds
 */
export async function onLine(
  { ask, well }: Adapter,
  test: (line: Line) => Promise<void>,
  timeout = 60,
) {
  const server = await localServer(await ownPort())
  server.answer(well)
  const reports: string[] = []
  const report = (word: string) => void reports.push(word)
  const service = { baseUrl: server.baseUrl, timeout, report }
  const logged = listenIn()
  let heard: string[] = []
  try {
    await test({ ask: () => ask(service), server, reports })
  } finally {
    heard = logged()
    await server.close()
  }
  for (const word of personalValues) expect([...heard, ...reports].join('\n')).not.toContain(word)
}

/** Tests an adapter with network and service failures. `harmless` faults do not change the outcome. */
export function describeNetwork(
  adapter: Adapter,
  best: string,
  harmless: readonly Fault[] = [],
): void {
  const problem: Record<Fault, RegExp> = {
    closes: /^(UND_ERR_SOCKET|ECONNRESET)$/,
    'closes half-way': /^(UND_ERR_SOCKET|ECONNRESET)$/,
    hangs: /^timeout$/,
    'hangs half-way': /^timeout$/,
    fails: /^status-500$/,
    redirects: /^connection$/,
    'says nothing': /^unreadable$/,
    'breaks the JSON': /^unreadable$/,
    'calls it HTML': /^unreadable$/,
  }

  test.each(faults)('the adapter calls a service that %s once', (fault) =>
    onLine(
      adapter,
      async ({ ask, server, reports }) => {
        server.answer(adapter.well, fault)
        const isHarmless = harmless.includes(fault)
        const hangs = fault.startsWith('hangs')
        const stopCollecting = hangs ? collectingGarbage() : () => {}
        let outcome = await ask()
        // On a busy machine the time can pass before the request arrives.
        while (hangs && server.received.length === 0) outcome = await ask()
        stopCollecting()
        expect(outcome).toBe(isHarmless ? best : 'unavailable')
        expect(server.received).toHaveLength(1)
        expect(reports.slice(-1)).toEqual(isHarmless ? [] : [expect.stringMatching(problem[fault])])
      },
      fault.startsWith('hangs') ? 1 : undefined,
    ),
  )

  test('the adapter retries a refused connection once, since the service cannot have carried out the call', () =>
    onLine(adapter, async ({ ask, server, reports }) => {
      await server.close()
      const tries = refusedConnections()
      expect(await ask()).toBe('unavailable')
      expect(tries.stop()).toBe(2)
      expect(reports).toEqual(['ECONNREFUSED'])
    }))

  test('the adapter calls a service once that is back after a refused connection', async () => {
    const port = await ownPort()
    let back: Promise<LocalServer> | undefined
    const tries = refusedConnections(() => {
      back ??= localServer(port).then((server) => {
        server.answer(adapter.well)
        return server
      })
    })
    const outcome = await adapter.ask({ baseUrl: `http://127.0.0.1:${port}`, timeout: 5 })
    expect(tries.stop()).toBe(1)
    expect(outcome).toBe(best)
    const server = await back
    expect(server?.received).toHaveLength(1)
    await server?.close()
  })

  test('the adapter retries a host name that cannot be resolved once', async () => {
    const reports: string[] = []
    const report = (word: string) => void reports.push(word)
    // The label is too long for DNS, so the local resolver refuses it.
    const service = { baseUrl: `http://${'x'.repeat(64)}.invalid`, timeout: 5, report }
    const tries = refusedConnections()
    expect(await adapter.ask(service)).toBe('unavailable')
    expect(tries.stop()).toBe(2)
    expect(reports).toEqual([expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/)])
  })
}

/** Counts the refused connections of `fetch`, and calls `refused` before `fetch` rejects. */
function refusedConnections(refused: () => void = () => {}) {
  const channel = 'undici:client:connectError'
  let count = 0
  const listener = () => {
    count += 1
    refused()
  }
  diagnostics.subscribe(channel, listener)
  return {
    stop: () => {
      diagnostics.unsubscribe(channel, listener)
      return count
    },
  }
}

/** Records the output of this process. The returned function stops that and returns the output. */
function listenIn(): () => string[] {
  const heard: string[] = []
  const overhear = <Holder extends object>(holder: Holder, method: keyof Holder) => {
    const original = holder[method]
    if (typeof original !== 'function') throw new TypeError(`${String(method)} is no method`)
    const recording = (...said: unknown[]) => {
      heard.push(said.map(String).join())
      return original.apply(holder, said)
    }
    Object.assign(holder, { [method]: recording })
    return () => void Object.assign(holder, { [method]: original })
  }
  const stops = [
    ...(['debug', 'log', 'info', 'warn', 'error'] as const).map((to) => overhear(console, to)),
    ...[process.stdout, process.stderr].map((stream) => overhear(stream, 'write')),
  ]
  return () => {
    for (const stop of stops) stop()
    return heard
  }
}
