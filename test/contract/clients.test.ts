import type { ClientMetadata } from '../../config/client-metadata.ts'
import { clientsMongo } from '../../src/adapters/mongo/clients-mongo.ts'
import { clientsCached } from '../../src/adapters/redis/cached-clients.ts'
import type { Clients, KnownClient } from '../../src/ports/sso/clients.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const sealing = testEncryption()
let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores.close())
const inStore = () => stores.mongodb.collection<{ _id: string; owner?: string }>('clients')
beforeEach(() => inStore().deleteMany())

const secret = 'a-secret-of-the-tests'
const named = (id: string, more: Partial<ClientMetadata> = {}): ClientMetadata => ({
  client_id: id,
  client_secret: secret,
  client_name: '考生服务系统',
  token_endpoint_auth_method: 'client_secret_basic',
  redirect_uris: ['https://rp.test/callback'],
  ...more,
})
const inFile = (...clients: ClientMetadata[]) =>
  clients.map((metadata) => ({ metadata, file: '/etc/clients.yaml' }))
const seen = (client: KnownClient | undefined): KnownClient => {
  if (!client) throw new Error('no such client')
  return client
}

/** What every `Clients` keeps; `make` gives one more process on the same store. */
function clientsContract(make: () => Clients) {
  const nameAt = async (clients: Clients, id: string) =>
    (await clients.find(id))?.metadata.client_name

  test('a client that left its file is kept and not found, until it comes back', async () => {
    const [clients, elsewhere] = [make(), make()]
    const both = [named('exam'), named('shop')]
    expect(await clients.own(inFile(...both))).toEqual([
      { clientId: 'exam', what: 'client-added' },
      { clientId: 'shop', what: 'client-added' },
    ])
    expect(await elsewhere.find('exam')).toMatchObject({ metadata: both[0], owner: 'file' })
    expect(await elsewhere.find('nobody')).toBeUndefined()
    expect(await clients.own(inFile(named('exam', { client_name: '新名称' })))).toEqual([
      { clientId: 'exam', what: 'client-changed' },
      { clientId: 'shop', what: 'client-disabled' },
    ])
    expect(await nameAt(elsewhere, 'exam')).toBe('新名称')
    expect(await elsewhere.find('shop')).toBeUndefined()
    expect(await elsewhere.look('shop')).toMatchObject({ disabled: true, metadata: both[1] })
    await clients.own(inFile(...both))
    expect(await elsewhere.find('shop')).toMatchObject({ metadata: both[1], disabled: false })
  })

  test('the pages of public clients are known by their origin, as long as the client is', async () => {
    const [clients, elsewhere] = [make(), make()]
    const page = named('page', {
      client_secret: undefined,
      token_endpoint_auth_method: 'none',
      redirect_uris: ['https://page.test/callback', 'cn.example.app:/callback'],
    })
    await clients.own(inFile(page, named('exam')))
    const known = () =>
      Promise.all(
        ['https://page.test', 'https://rp.test', 'null'].map((at) => elsewhere.hasPagesAt(at)),
      )
    expect(await known()).toEqual([true, false, false])
    await inStore().updateMany({}, { $unset: { origins: true } })
    await clients.own(inFile(page, named('exam')))
    expect(await known()).toEqual([true, false, false])
    await clients.own(inFile(named('exam')))
    expect(await known()).toEqual([false, false, false])
  })

  test('files that say what they said change nothing', async () => {
    const clients = make()
    await clients.own(inFile(named('exam')))
    expect(await make().own(inFile(named('exam')))).toEqual([])
    await clients.own([])
    expect(await make().own([])).toEqual([])
  })

  test('files disable only what was theirs', async () => {
    const clients = make()
    await clients.own(inFile(named('exam')))
    await clients.add(named('library'), 'command')
    await clients.register(named('robot'))
    expect(await clients.own([])).toEqual([{ clientId: 'exam', what: 'client-disabled' }])
    expect(await clients.find('library')).toMatchObject({ owner: 'command' })
    expect(await clients.find('robot')).toMatchObject({ owner: 'registration' })
    const all = await clients.list()
    expect(all.map(({ metadata, disabled }) => [metadata.client_id, disabled])).toEqual([
      ['exam', true],
      ['library', false],
      ['robot', false],
    ])
  })

  test('a record from before there were owners is a file’s', async () => {
    const clients = make()
    await clients.own(inFile(named('exam')))
    await inStore().updateOne({ _id: 'exam' }, { $unset: { owner: true } })
    expect(await make().own([])).toEqual([{ clientId: 'exam', what: 'client-disabled' }])
  })

  test('a file takes over what it names, and from then on nobody else changes it', async () => {
    const clients = make()
    await clients.add(named('exam'), 'command')
    const before = seen(await clients.find('exam'))
    const rotated = { secret, until: Date.now() + 1000 }
    expect(await clients.replace(before, named('exam', { client_secret: 'new' }), rotated)).toBe(
      true,
    )
    expect(await clients.own(inFile(named('exam')))).toEqual([
      { clientId: 'exam', what: 'client-changed' },
    ])
    const owned = seen(await clients.find('exam'))
    expect(owned).toMatchObject({ owner: 'file', file: '/etc/clients.yaml' })
    expect(owned.previousSecret).toBeUndefined()
    expect(await clients.replace(owned, named('exam', { client_name: 'x' }))).toBe(false)
    expect(await clients.remove('exam')).toBe(false)
    await expect(clients.register(named('exam'))).rejects.toThrow()
    expect(await clients.find('exam')).toEqual(owned)
  })

  test('one that left its file can be removed', async () => {
    const clients = make()
    await clients.own(inFile(named('exam')))
    await clients.own([])
    expect(await clients.replace(seen(await clients.look('exam')), named('exam'))).toBe(false)
    expect(await clients.remove('exam')).toBe(true)
    expect(await clients.look('exam')).toBeUndefined()
  })

  test('of many that add one id at once, one does', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `名称${n}`)
    const added = await Promise.all(
      names.map((client_name) => make().add(named('library', { client_name }), 'command')),
    )
    expect(added.filter((answer) => answer === 'added')).toHaveLength(1)
    expect(await nameAt(make(), 'library')).toBe(names[added.indexOf('added')])
    expect(await make().add(named('library'), 'registration')).toBe('exists')
  })

  test('of many that change what they saw at once, one does', async () => {
    await make().add(named('library'), 'command')
    const before = seen(await make().find('library'))
    const names = Array.from({ length: 10 }, (_, n) => `名称${n}`)
    const changed = await Promise.all(
      names.map((client_name) => make().replace(before, named('library', { client_name }))),
    )
    expect(changed.filter(Boolean)).toHaveLength(1)
    expect(await nameAt(make(), 'library')).toBe(names[changed.indexOf(true)])
  })

  test('the secret before is kept with its end until the next change', async () => {
    const clients = make()
    await clients.add(named('library'), 'command')
    const until = Date.now() + 3600_000
    const next = named('library', { client_secret: 'next' })
    await clients.replace(seen(await clients.find('library')), next, { secret, until })
    const rotated = seen(await make().find('library'))
    expect(rotated).toMatchObject({ metadata: next, previousSecret: { secret, until } })
    await clients.replace(rotated, next)
    expect(seen(await make().find('library')).previousSecret).toBeUndefined()
  })

  test('what registered itself is replaced and removed by it', async () => {
    const clients = make()
    await clients.register(named('robot'))
    await clients.register(named('robot', { client_name: '新名称' }))
    expect(await nameAt(make(), 'robot')).toBe('新名称')
    expect(await clients.remove('robot')).toBe(true)
    expect(await make().find('robot')).toBeUndefined()
    expect(await clients.remove('robot')).toBe(false)
  })

  test('a dump gives no secret, neither the present nor the one before', async () => {
    const clients = make()
    await clients.own(inFile(named('exam')))
    await clients.add(named('library'), 'command')
    const next = named('library', { client_secret: 'another-secret' })
    const until = Date.now() + 1000
    await clients.replace(seen(await clients.find('library')), next, { secret, until })
    const dump = JSON.stringify(await inStore().find().toArray())
    expect(dump).toContain('library')
    expect(dump).not.toContain(secret)
    expect(dump).not.toContain('another-secret')
  })

  test('nobody can give a client the secret of another one', async () => {
    const clients = make()
    await clients.add(named('library'), 'command')
    await clients.add(named('shop'), 'command')
    const [library] = await inStore().find({ _id: 'library' }).toArray()
    const { sealed } = library as unknown as { sealed: string }
    await inStore().updateOne({ _id: 'shop' }, { $set: { sealed } })
    await expect(make().look('shop')).rejects.toThrow()
  })
}

describe('in MongoDB', () => {
  clientsContract(() => clientsMongo({ connection: stores.mongodb, sealing }))
})

describe('held by the process', () => {
  const { clock, turn } = testClock()
  const counted = () => {
    const store = clientsMongo({ connection: stores.mongodb, sealing })
    let finds = 0
    const find: Clients['find'] = (id) => {
      finds += 1
      return store.find(id)
    }
    return { store: { ...store, find }, finds: () => finds }
  }
  const over = (store: Clients) =>
    clientsCached(store, { redis: stores.redis, keyPrefix: stores.keyPrefix, clock })
  const make = () => over(clientsMongo({ connection: stores.mongodb, sealing }))
  const stateKey = () => `${stores.keyPrefix}{clients}:state`
  beforeEach(() => stores.redis.del(stateKey(), `${stores.keyPrefix}{clients}:changes`))

  clientsContract(make)

  test('what stays is read once, by however many at once', async () => {
    await make().add(named('library'), 'command')
    const { store, finds } = counted()
    const clients = over(store)
    await Promise.all(Array.from({ length: 20 }, () => clients.find('library')))
    await clients.find('library')
    expect(finds()).toBe(1)
    await make().add(named('shop'), 'command')
    await clients.find('library')
    expect(finds()).toBe(2)
  })

  test('made-up ids are not held', async () => {
    const { store, finds } = counted()
    const clients = over(store)
    await clients.find('nobody')
    await clients.find('nobody')
    expect(finds()).toBe(2)
  })

  test('removed elsewhere while everybody asks: nobody is told of it afterwards', async () => {
    const processes = [make(), make(), make()]
    for (let round = 0; round < 20; round += 1) {
      await processes[0]?.add(named('library'), 'command')
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

  test('two changes at once: the first one’s end lets nobody hold what the second one changes', async () => {
    const [slow, other] = [counted().store, make()]
    await other.add(named('library'), 'command')
    await other.add(named('shop'), 'command')
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const removing = over({
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

  test('a change that broke off on its way: nothing is held until it must be over', async () => {
    const broken = over({
      ...counted().store,
      remove: () => Promise.reject(new Error('the connection broke')),
    })
    const { store, finds } = counted()
    const clients = over(store)
    await clients.add(named('library'), 'command')
    await expect(broken.remove('library')).rejects.toThrow('the connection broke')
    // It was carried out after all.
    await inStore().deleteOne({ _id: 'library' })
    expect(await clients.find('library')).toBeUndefined()
    await clients.add(named('library'), 'command')
    await clients.find('library')
    await clients.find('library')
    expect(finds()).toBe(3)
    expect(await stores.redis.pttl(`${stores.keyPrefix}{clients}:changes`)).toBeGreaterThan(0)
    await stores.redis.del(`${stores.keyPrefix}{clients}:changes`)
    await clients.find('library')
    await clients.find('library')
    expect(finds()).toBe(4)
  })

  test('should Redis forget a change that it confirmed, ten seconds end it', async () => {
    const clients = make()
    await clients.add(named('library'), 'command')
    await clients.find('library')
    const before = (await stores.redis.get(stateKey())) ?? ''
    await make().remove('library')
    await stores.redis.set(stateKey(), before)
    turn(10)
    expect(await clients.find('library')).toBeUndefined()
  })

  test('a request asks for the state once, and sees its own changes', async () => {
    const clients = make()
    await clients.add(named('library'), 'command')
    await clients.during(async () => {
      expect(await clients.find('library')).toBeDefined()
      await make().remove('library')
      expect(await clients.find('library')).toBeDefined()
      await clients.add(named('shop'), 'command')
      expect(await clients.find('shop')).toBeDefined()
      expect(await clients.find('library')).toBeUndefined()
    })
  })
})
