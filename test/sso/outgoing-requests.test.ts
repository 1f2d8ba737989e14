import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Fault, localServer } from '../support/vendors/local-server.ts'

const script = fileURLToPath(new URL('../support/guarded-fetch.ts', import.meta.url))

/** Fetches a `jwks_uri` on this machine, to which logout tokens would be allowed, or pushes an event there without that. */
async function fetchKeysFrom(
  internalHosts: readonly string[],
  fault?: Fault,
  what: 'keys' | 'push' = 'keys',
) {
  const server = await localServer()
  const body = JSON.stringify({ keys: [] })
  server.answer(() => ({ status: 200, body, type: 'application/json' }), fault)
  const args = [
    '--import',
    import.meta.resolve('tsx'),
    script,
    what,
    `${server.baseUrl}/keys`,
    ...internalHosts,
  ]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  await server.close()
  return { said: stdout.trim().split('\n').at(-1), asked: server.received.length }
}

test('an address of the internal network in client metadata is not requested', async () => {
  const { said, asked } = await fetchKeysFrom([])
  expect(said).toMatch(/^refused: .*special-use/)
  expect(asked).toBe(0)
})

test('an internal host that the operator allows is requested', async () => {
  expect(await fetchKeysFrom(['exam.intra', '127.0.0.1'])).toEqual({ said: 'asked', asked: 1 })
})

test('keys whose answer stops half-way are not waited for', async () => {
  const { said, asked } = await fetchKeysFrom(['127.0.0.1'], 'hangs half-way')
  expect(said).toMatch(/^refused: .*timeout/)
  expect(asked).toBe(1)
})

test('an event is not pushed to an address of the internal network', async () => {
  const { said, asked } = await fetchKeysFrom([], undefined, 'push')
  expect(said).toMatch(/^refused: .*special-use/)
  expect(asked).toBe(0)
  expect(await fetchKeysFrom(['127.0.0.1'], undefined, 'push')).toEqual({ said: 'asked', asked: 1 })
})
