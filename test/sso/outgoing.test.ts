import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { localServer } from '../support/vendors/local-server.ts'

const script = fileURLToPath(new URL('../support/guarded-fetch.ts', import.meta.url))

/** What becomes of a `jwks_uri` on this machine, though logout messages may go there. */
async function keysFrom(internal: readonly string[]) {
  const server = await localServer()
  const body = JSON.stringify({ keys: [] })
  server.answer(() => ({ status: 200, body, type: 'application/json' }))
  const args = [
    '--import',
    import.meta.resolve('tsx'),
    script,
    `${server.baseUrl}/keys`,
    ...internal,
  ]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  await server.close()
  return { said: stdout.trim().split('\n').at(-1), asked: server.received.length }
}

test('what metadata name inside our own network is not knocked at', async () => {
  const { said, asked } = await keysFrom([])
  expect(said).toMatch(/^refused: .*special-use/)
  expect(asked).toBe(0)
})

test('unless the operator names that host', async () => {
  expect(await keysFrom(['exam.intra', '127.0.0.1'])).toEqual({ said: 'asked', asked: 1 })
})
