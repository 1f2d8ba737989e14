import type { ClientMetadata } from '../../config/client-metadata.ts'
import { cachedClients } from '../../src/adapters/redis/cached-clients.ts'
import type { Clients, StoredClient } from '../../src/ports/sso/clients.ts'
import { clientsIn } from '../support/clients-in.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const encryption = testEncryption()
let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores.close())
const storedClients = () => stores.mongodb.collection<{ _id: string; owner?: string }>('clients')
beforeEach(() => storedClients().deleteMany())

const secret = 'a-secret-of-the-tests'
const clientNamed = (id: string, more: Partial<ClientMetadata> = {}): ClientMetadata => ({
  client_id: id,
  client_secret: secret,
  client_name: '考生服务系统',
  token_endpoint_auth_method: 'client_secret_basic',
  redirect_uris: ['https://rp.test/callback'],
  ...more,
})
const inFile = (...clients: ClientMetadata[]) =>
  clients.map((metadata) => ({ metadata, file: '/etc/clients.yaml' }))
const expectFound = (client: StoredClient | undefined): StoredClient => {
  if (!client) throw new Error('no such client')
  return client
}

/** The contract of every `Clients`; each call of `make` stands for one more process on the same store. */
function clientsContract(make: () => Clients) {
  const nameAt = async (clients: Clients, id: string) =>
    (await clients.find(id))?.metadata.client_name

  test('a client that is removed from its file is disabled until it is listed again', async () => {
    const [clients, otherProcess] = [make(), make()]
    const both = [clientNamed('exam'), clientNamed('shop')]
    expect(await clients.syncFiles(inFile(...both))).toEqual([
      { clientId: 'exam', what: 'client-added' },
      { clientId: 'shop', what: 'client-added' },
    ])
    expect(await otherProcess.find('exam')).toMatchObject({ metadata: both[0], owner: 'file' })
    expect(await otherProcess.find('nobody')).toBeUndefined()
    expect(await clients.syncFiles(inFile(clientNamed('exam', { client_name: '新名称' })))).toEqual(
      [
        { clientId: 'exam', what: 'client-changed' },
        { clientId: 'shop', what: 'client-disabled' },
      ],
    )
    expect(await nameAt(otherProcess, 'exam')).toBe('新名称')
    expect(await otherProcess.find('shop')).toBeUndefined()
    expect(await otherProcess.findAny('shop')).toMatchObject({ disabled: true, metadata: both[1] })
    await clients.syncFiles(inFile(...both))
    expect(await otherProcess.find('shop')).toMatchObject({ metadata: both[1], disabled: false })
  })

  test('the redirect URIs of public clients define their web origins as long as the client exists', async () => {
    const [clients, otherProcess] = [make(), make()]
    const page = clientNamed('page', {
      client_secret: undefined,
      token_endpoint_auth_method: 'none',
      redirect_uris: ['https://page.test/callback', 'cn.example.app:/callback'],
    })
    await clients.syncFiles(inFile(page, clientNamed('exam')))
    const originsKnown = () =>
      Promise.all(
        ['https://page.test', 'https://rp.test', 'null'].map((at) => otherProcess.hasOrigin(at)),
      )
    expect(await originsKnown()).toEqual([true, false, false])
    await storedClients().updateMany({}, { $unset: { origins: true } })
    await clients.syncFiles(inFile(page, clientNamed('exam')))
    expect(await originsKnown()).toEqual([true, false, false])
    await clients.syncFiles(inFile(clientNamed('exam')))
    expect(await originsKnown()).toEqual([false, false, false])
  })

  test('unchanged files change nothing', async () => {
    const clients = make()
    await clients.syncFiles(inFile(clientNamed('exam')))
    expect(await make().syncFiles(inFile(clientNamed('exam')))).toEqual([])
    await clients.syncFiles([])
    expect(await make().syncFiles([])).toEqual([])
  })

  test('a file disables only clients that it owns', async () => {
    const clients = make()
    await clients.syncFiles(inFile(clientNamed('exam')))
    await clients.add(clientNamed('library'), 'command')
    await clients.register(clientNamed('robot'))
    expect(await clients.syncFiles([])).toEqual([{ clientId: 'exam', what: 'client-disabled' }])
    expect(await clients.find('library')).toMatchObject({ owner: 'command' })
    expect(await clients.find('robot')).toMatchObject({ owner: 'registration' })
    const all = await clients.list()
    expect(all.map(({ metadata, disabled }) => [metadata.client_id, disabled])).toEqual([
      ['exam', true],
      ['library', false],
      ['robot', false],
    ])
  })

  test('a record without an owner, from an earlier version, belongs to a file', async () => {
    const clients = make()
    await clients.syncFiles(inFile(clientNamed('exam')))
    await storedClients().updateOne({ _id: 'exam' }, { $unset: { owner: true } })
    expect(await make().syncFiles([])).toEqual([{ clientId: 'exam', what: 'client-disabled' }])
  })

  test('a file takes over the clients that it lists, which then only a file can change', async () => {
    const clients = make()
    await clients.add(clientNamed('exam'), 'command')
    const before = expectFound(await clients.find('exam'))
    const rotated = { secret, until: Date.now() + 1000 }
    expect(
      await clients.replace(before, clientNamed('exam', { client_secret: 'new' }), rotated),
    ).toBe(true)
    expect(await clients.syncFiles(inFile(clientNamed('exam')))).toEqual([
      { clientId: 'exam', what: 'client-changed' },
    ])
    const owned = expectFound(await clients.find('exam'))
    expect(owned).toMatchObject({ owner: 'file', file: '/etc/clients.yaml' })
    expect(owned.previousSecret).toBeUndefined()
    expect(await clients.replace(owned, clientNamed('exam', { client_name: 'x' }))).toBe(false)
    expect(await clients.remove('exam')).toBe(false)
    await expect(clients.register(clientNamed('exam'))).rejects.toThrow()
    expect(await clients.find('exam')).toEqual(owned)
  })

  test('a client that is no longer in its file can be removed', async () => {
    const clients = make()
    await clients.syncFiles(inFile(clientNamed('exam')))
    await clients.syncFiles([])
    expect(
      await clients.replace(expectFound(await clients.findAny('exam')), clientNamed('exam')),
    ).toBe(false)
    expect(await clients.remove('exam')).toBe(true)
    expect(await clients.findAny('exam')).toBeUndefined()
  })

  test('one of 10 concurrent additions of an id succeeds', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `名称${n}`)
    const added = await Promise.all(
      names.map((client_name) => make().add(clientNamed('library', { client_name }), 'command')),
    )
    expect(added.filter((answer) => answer === 'added')).toHaveLength(1)
    expect(await nameAt(make(), 'library')).toBe(names[added.indexOf('added')])
    expect(await make().add(clientNamed('library'), 'registration')).toBe('exists')
  })

  test('one of 10 concurrent changes based on one version succeeds', async () => {
    await make().add(clientNamed('library'), 'command')
    const before = expectFound(await make().find('library'))
    const names = Array.from({ length: 10 }, (_, n) => `名称${n}`)
    const changed = await Promise.all(
      names.map((client_name) => make().replace(before, clientNamed('library', { client_name }))),
    )
    expect(changed.filter(Boolean)).toHaveLength(1)
    expect(await nameAt(make(), 'library')).toBe(names[changed.indexOf(true)])
  })

  test('the previous secret is kept with its end until the next change', async () => {
    const clients = make()
    await clients.add(clientNamed('library'), 'command')
    const until = Date.now() + 3600_000
    const next = clientNamed('library', { client_secret: 'next' })
    await clients.replace(expectFound(await clients.find('library')), next, { secret, until })
    const rotated = expectFound(await make().find('library'))
    expect(rotated).toMatchObject({ metadata: next, previousSecret: { secret, until } })
    await clients.replace(rotated, next)
    expect(expectFound(await make().find('library')).previousSecret).toBeUndefined()
  })

  test('a client that registered itself can be replaced and removed by registration', async () => {
    const clients = make()
    await clients.register(clientNamed('robot'))
    await clients.register(clientNamed('robot', { client_name: '新名称' }))
    expect(await nameAt(make(), 'robot')).toBe('新名称')
    expect(await clients.remove('robot')).toBe(true)
    expect(await make().find('robot')).toBeUndefined()
    expect(await clients.remove('robot')).toBe(false)
  })

  test('a disabled client is found again after it was enabled, with what was changed meanwhile', async () => {
    const [clients, otherProcess] = [make(), make()]
    await clients.add(clientNamed('library'), 'command')
    expect(await clients.setDisabled('library', true)).toBe(true)
    expect(await clients.setDisabled('library', true)).toBe(false)
    expect(await otherProcess.find('library')).toBeUndefined()
    const disabled = expectFound(await otherProcess.findAny('library'))
    expect(disabled).toMatchObject({ disabled: true, owner: 'command' })
    expect(await clients.replace(disabled, clientNamed('library', { client_name: '新名称' }))).toBe(
      true,
    )
    expect(await otherProcess.find('library')).toBeUndefined()
    expect(await clients.setDisabled('library', false)).toBe(true)
    expect(await nameAt(otherProcess, 'library')).toBe('新名称')
    expect(await clients.setDisabled('nobody', true)).toBe(false)
  })

  test('a disabled client cannot enable itself by registering, and one of a file is not disabled', async () => {
    const clients = make()
    await clients.register(clientNamed('robot'))
    await clients.setDisabled('robot', true)
    await expect(clients.register(clientNamed('robot'))).rejects.toThrow()
    expect(await make().find('robot')).toBeUndefined()
    await clients.syncFiles(inFile(clientNamed('exam')))
    expect(await clients.setDisabled('exam', true)).toBe(false)
    await clients.syncFiles([])
    expect(await clients.setDisabled('exam', false)).toBe(false)
  })

  test('a dump contains neither the present nor the previous secret', async () => {
    const clients = make()
    await clients.syncFiles(inFile(clientNamed('exam')))
    await clients.add(clientNamed('library'), 'command')
    const next = clientNamed('library', { client_secret: 'another-secret' })
    const until = Date.now() + 1000
    await clients.replace(expectFound(await clients.find('library')), next, { secret, until })
    const dump = JSON.stringify(await storedClients().find().toArray())
    expect(dump).toContain('library')
    expect(dump).not.toContain(secret)
    expect(dump).not.toContain('another-secret')
  })

  test('encrypted metadata that is copied to another client can not be decrypted', async () => {
    const clients = make()
    await clients.add(clientNamed('library'), 'command')
    await clients.add(clientNamed('shop'), 'command')
    const [library] = await storedClients().find({ _id: 'library' }).toArray()
    const { sealed } = library as unknown as { sealed: string }
    await storedClients().updateOne({ _id: 'shop' }, { $set: { sealed } })
    await expect(make().findAny('shop')).rejects.toThrow()
  })
}

describe('clients in MongoDB', () => {
  clientsContract(() => clientsIn({ connection: stores.mongodb, encryption }))
})

describe('clients in the cache', () => {
  const { clock, turn } = testClock()
  const countedStore = () => {
    const store = clientsIn({ connection: stores.mongodb, encryption })
    let finds = 0
    const find: Clients['find'] = (id) => {
      finds += 1
      return store.find(id)
    }
    return { store: { ...store, find }, finds: () => finds }
  }
  const cacheOver = (store: Clients, presentRequest: () => object | undefined = () => undefined) =>
    cachedClients(store, {
      ...{ redis: stores.redis, keyPrefix: stores.keyPrefix },
      ...{ clock, presentRequest },
    })
  const make = () => cacheOver(clientsIn({ connection: stores.mongodb, encryption }))
  const stateKey = () => `${stores.keyPrefix}{clients}:state`
  beforeEach(() => stores.redis.del(stateKey(), `${stores.keyPrefix}{clients}:changes`))

  clientsContract(make)

  test('an unchanged client is read once for any number of concurrent requests', async () => {
    await make().add(clientNamed('library'), 'command')
    const { store, finds } = countedStore()
    const clients = cacheOver(store)
    await Promise.all(Array.from({ length: 20 }, () => clients.find('library')))
    await clients.find('library')
    expect(finds()).toBe(1)
    await make().add(clientNamed('shop'), 'command')
    await clients.find('library')
    expect(finds()).toBe(2)
  })

  test('unknown ids are not cached', async () => {
    const { store, finds } = countedStore()
    const clients = cacheOver(store)
    await clients.find('nobody')
    await clients.find('nobody')
    expect(finds()).toBe(2)
  })

  test('after another process has removed a client, no process finds it any more', async () => {
    const processes = [make(), make(), make()]
    for (let round = 0; round < 20; round += 1) {
      await processes[0]?.add(clientNamed('library'), 'command')
      let removed = false
      const asking = processes.map(async (clients) => {
        for (let asked = 0; asked < 50; asked += 1) {
          const wasRemoved = removed
          const found = await clients.find('library')
          if (wasRemoved) expect(found).toBeUndefined()
        }
      })
      await make().remove('library')
      removed = true
      await Promise.all(asking)
    }
  })

  test('the end of one change does not let a client be cached that a concurrent change is still changing', async () => {
    const [slow, other] = [countedStore().store, make()]
    await other.add(clientNamed('library'), 'command')
    await other.add(clientNamed('shop'), 'command')
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const removing = cacheOver({
      ...slow,
      remove: async (id) => {
        await gate
        return slow.remove(id)
      },
    }).remove('library')
    await other.remove('shop')
    expect(await other.find('library')).toBeDefined()
    go()
    await removing
    expect(await other.find('library')).toBeUndefined()
  })

  test('after a change whose outcome is unknown, nothing is cached until it must be over', async () => {
    const broken = cacheOver({
      ...countedStore().store,
      remove: () => Promise.reject(new Error('the connection broke')),
    })
    const { store, finds } = countedStore()
    const clients = cacheOver(store)
    await clients.add(clientNamed('library'), 'command')
    await expect(broken.remove('library')).rejects.toThrow('the connection broke')
    // The removal was carried out although the connection broke.
    await storedClients().deleteOne({ _id: 'library' })
    expect(await clients.find('library')).toBeUndefined()
    await clients.add(clientNamed('library'), 'command')
    await clients.find('library')
    await clients.find('library')
    expect(finds()).toBe(3)
    expect(await stores.redis.pttl(`${stores.keyPrefix}{clients}:changes`)).toBeGreaterThan(0)
    await stores.redis.del(`${stores.keyPrefix}{clients}:changes`)
    await clients.find('library')
    await clients.find('library')
    expect(finds()).toBe(4)
  })

  test('if Redis loses a confirmed change, the cache is stale for at most five seconds', async () => {
    const clients = make()
    await clients.add(clientNamed('library'), 'command')
    await clients.find('library')
    const before = (await stores.redis.get(stateKey())) ?? ''
    await make().remove('library')
    await stores.redis.set(stateKey(), before)
    turn(5)
    expect(await clients.find('library')).toBeUndefined()
  })

  test('a request reads the state of the cache once and sees its own changes', async () => {
    let request: object | undefined
    const store = clientsIn({ connection: stores.mongodb, encryption })
    const clients = cacheOver(store, () => request)
    await clients.add(clientNamed('library'), 'command')
    request = {}
    expect(await clients.find('library')).toBeDefined()
    await make().remove('library')
    expect(await clients.find('library')).toBeDefined()
    await clients.add(clientNamed('shop'), 'command')
    expect(await clients.find('shop')).toBeDefined()
    expect(await clients.find('library')).toBeUndefined()
  })
})
