import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { readSettings } from '../../config/environment/read-environment.ts'
import { buildIndexes } from '../../src/adapters/mongo/build-indexes.ts'
import { openDataKeys } from '../../src/adapters/mongo/data-keys/open-data-keys.ts'
import { mongoConnection } from '../../src/adapters/mongo/mongo-connection.ts'
import { dataKeysCommand } from '../../src/cli/data-keys-command.ts'
import { keyProviders, keySettings } from '../../src/compose/key-providers.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { type TcpProxy, tcpProxyTo } from '../support/tcp-proxy.ts'

/** Longer than the platform waits for the answer to an ordinary read and to its repetition, in ms. */
const longAnswer = 9000

let stores: TestStores
let proxy: TcpProxy
let uri: string
beforeEach(async () => {
  stores = await testStores()
  const { hosts } = stores.mongodb.getClient().options
  proxy = await tcpProxyTo(hosts[0]?.port ?? 0)
  // Every connection goes through the proxy, by whatever names the members call themselves.
  uri = `mongodb://127.0.0.1:${proxy.port}/${stores.mongodb.name}?directConnection=true`
})
afterEach(async () => {
  await proxy.close()
  await stores.close()
})

test('an index that takes longer than an answer may take is waited for', async () => {
  const { connection, close } = await mongoConnection(uri, { info() {}, error() {} })
  try {
    const held = proxy.holdAnswersTo('createIndexes')
    const built = buildIndexes(connection.collection('many'), [{ key: { of: 1 } }])
    await held
    // The driver leaves the connection whose answer is held back, and asks once more on another one.
    await built
    expect(Object.keys(await connection.collection('many').indexInformation())).toContain('of_1')
  } finally {
    await close()
  }
})

test('data-keys waits while the records of a large collection are counted', async () => {
  const DATA_KEYS = `1:${randomBytes(32).toString('base64')}`
  const settings = readSettings({ DATA_KEYS }, keySettings)
  await openDataKeys(stores.mongodb, keyProviders(settings), settings)
  await stores.mongodb.collection('cases').insertOne({ dataKey: 1 })
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  const held = proxy.holdAnswersTo('$group')
  const status = dataKeysCommand({
    ...{ typed: ['status'], env: { DATA_KEYS, MONGODB_URI: uri }, out: print, errors: print },
  })
  await held
  void proxy.holdAnswersTo('$group')
  await sleep(longAnswer)
  proxy.mend()
  expect({ status: await status, lines }).toEqual({
    ...{
      status: 0,
      lines: [expect.stringMatching(/^data key 1 {2}current .* 1 records: cases 1$/)],
    },
  })
})
