import { setTimeout as sleep } from 'node:timers/promises'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { taskWorker } from '../../src/adapters/tasks/task-worker.ts'
import { tasksMongo } from '../../src/adapters/tasks/tasks-mongo.ts'
import { sendNotice } from '../../src/notices/sms-notice.ts'
import type { TaskHandlers, TaskOf } from '../../src/ports/tasks.ts'
import { testClock } from '../support/clock.ts'
import { leaksIn, mongoDump } from '../support/leak-search.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const day = 24 * 3600
const { tasks: policy } = policyOf()
const notice: TaskOf<'sms'> = {
  kind: 'sms',
  phone: '+8613800138000',
  template: 'username',
  params: { username: 'OuYang.YangLi' },
  locale: 'zh-CN',
}
const logout = (sid: string): TaskOf<'logout'> => ({
  kind: 'logout',
  clientId: 'exam-service',
  accountId: 'an-account-of-somebody',
  sid,
})

let stores: TestStores
let time: ReturnType<typeof testClock>
let encryption: ReturnType<typeof testEncryption>
const lines: object[] = []
const log = { error: (...line: unknown[]) => void lines.push(line) }
beforeEach(async () => {
  stores = await testStores()
  time = testClock()
  encryption = testEncryption()
  lines.length = 0
})
afterEach(() => stores.close())

/** Each call stands for one more process on the same store. */
const queueOf = () =>
  tasksMongo({ connection: stores.mongodb, encryption, clock: time.clock, policy })
type StoredTask = {
  _id: string
  kind: string
  sealed: string
  due: Date
  attempts: number
  endsAt?: Date
}
const storedTasks = () => stores.mongodb.collection<StoredTask>('tasks')
const countTasks = () => storedTasks().countDocuments()

async function worker(handlers: TaskHandlers) {
  const queue = await queueOf()
  return { queue, ...taskWorker({ queue, handlers, policy, log }) }
}

const turn = (seconds: number): void => time.turn(seconds)

/** A promise that resolves when the test calls `open`. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/** Waits for the condition; the time-out of the test limits the wait. */
async function until(isSo: () => boolean | Promise<boolean>) {
  while (!(await isSo())) await sleep(5)
}

describe('the queue in MongoDB', () => {
  test('a task with an id is added once, also concurrently and after it was done', async () => {
    const queues = await Promise.all(Array.from({ length: 20 }, queueOf))
    const add = () =>
      Promise.all(queues.map((queue) => queue.add([{ ...notice, id: 'a task id' }])))
    await add()
    const [queue] = queues
    const [claimed, ...more] = (await queue?.claim('sms', 30)) ?? []
    expect([claimed?.read(), more]).toEqual([notice, []])
    await claimed?.finish()
    await add()
    turn(policy.lease + 1)
    expect(await queue?.claim('sms', 30)).toEqual([])
    await queue?.add([{ ...notice, id: 'a task id' }, notice, { ...notice, id: 'another task id' }])
    expect(await queue?.claim('sms', 30)).toHaveLength(2)
  })

  test('a task can be claimed as it was added when it is due', async () => {
    const queue = await queueOf()
    await queue.add([
      notice,
      { kind: 'erase', accountId: 'a', due: time.clock() + 15 * day * 1000 },
    ])
    await queue.add([])
    const [first, ...rest] = await queue.claim('sms', 10)
    expect(rest).toEqual([])
    expect(first?.read()).toEqual(notice)
    expect(first).toMatchObject({ attempts: 1, ended: false })
    await first?.finish()
    turn(15 * day - 1)
    expect(await queue.claim('erase', 10)).toEqual([])
    turn(1)
    const [erasure] = await queue.claim('erase', 10)
    expect(erasure?.read()).toEqual({ kind: 'erase', accountId: 'a' })
  })

  test('each task goes to one of 10 processes that claim concurrently', async () => {
    const queues = await Promise.all(Array.from({ length: 10 }, queueOf))
    const sids = Array.from({ length: 60 }, (_, n) => `sid ${n}`)
    await queues[0]?.add(sids.map(logout))
    const claims = await Promise.all(queues.map((queue) => queue.claim('logout', 20)))
    const claimedSids = claims.flat().map((task) => task.read().sid)
    expect(new Set(claimedSids).size).toBe(claimedSids.length)
    expect(claimedSids.sort()).toEqual(sids.sort())
  })

  test('the tasks that have been due longest are claimed first', async () => {
    const queue = await queueOf()
    for (const sid of ['one', 'two', 'three']) {
      await queue.add([logout(sid)])
      turn(1)
    }
    const claimed = [await queue.claim('logout', 1), await queue.claim('logout', 1)].flat()
    expect(claimed.map((task) => task.read().sid)).toEqual(['one', 'two'])
  })

  test('a due task waits until it is done, also between attempts, and its age counts from when it was due', async () => {
    const queue = await queueOf()
    const due = time.clock()
    const erasure = { kind: 'erase', accountId: 'later', due: due + 60_000 } as const
    await queue.add([{ ...notice, id: 'a-named-task' }, notice, erasure])
    const ofSms = async () => (await queue.waiting()).find(({ kind }) => kind === 'sms')
    expect(await ofSms()).toEqual({ kind: 'sms', waiting: 2, oldest: due })
    expect((await queue.waiting()).find(({ kind }) => kind === 'erase')).toEqual({
      ...{ kind: 'erase', waiting: 0 },
    })
    turn(1)
    for (const task of await queue.claim('sms', 2)) await task.retry()
    expect(await ofSms()).toEqual({ kind: 'sms', waiting: 2, oldest: due })
    turn(60)
    for (const task of await queue.claim('sms', 2)) await task.finish()
    expect(await ofSms()).toEqual({ kind: 'sms', waiting: 0 })
  })

  test('a task that a dead process had claimed can be claimed again after the lease', async () => {
    const [dead, living] = [await queueOf(), await queueOf()]
    await dead.add([notice])
    const [lost] = await dead.claim('sms', 1)
    turn(policy.lease - 1)
    expect(await living.claim('sms', 1)).toEqual([])
    turn(1)
    const [taken] = await living.claim('sms', 1)
    expect(taken).toMatchObject({ id: lost?.id, attempts: 2 })
    // If the first process was only slow, its finish and retry no longer have any effect.
    await lost?.finish()
    await lost?.retry()
    turn(policy.lease - 1)
    expect(await dead.claim('sms', 1)).toEqual([])
    await taken?.finish()
    expect(await countTasks()).toBe(0)
  })

  test.each(['sms', 'logout', 'erase'] as const)(
    '%s is retried with the pauses of the policy',
    async (kind) => {
      const queue = await queueOf()
      await queue.add([{ ...notice, ...logout('sid'), kind } as TaskOf<typeof kind>])
      const { retries } = policy[kind]
      for (const pause of [...retries, retries[retries.length - 1] ?? 0]) {
        const [task] = await queue.claim(kind, 1)
        expect(await task?.retry()).toBe('later')
        turn(pause - 1)
        expect(await queue.claim(kind, 1)).toEqual([])
        turn(1)
      }
      expect(await queue.claim(kind, 1)).toHaveLength(1)
    },
  )

  test.each(['sms', 'logout'] as const)('%s is dropped after a day', async (kind) => {
    const queue = await queueOf()
    await queue.add([{ ...notice, ...logout('sid'), kind } as TaskOf<typeof kind>])
    turn(day - 1)
    const [last] = await queue.claim(kind, 1)
    expect(last?.ended).toBe(false)
    expect(await last?.retry()).toBe('dropped')
    expect(await countTasks()).toBe(0)
  })

  test('an erasure is never dropped', async () => {
    const queue = await queueOf()
    await queue.add([{ kind: 'erase', accountId: 'a' }])
    turn(1000 * day)
    const [task] = await queue.claim('erase', 1)
    expect(task?.ended).toBe(false)
    expect(await task?.retry()).toBe('later')
    expect(await storedTasks().findOne()).not.toHaveProperty('endsAt')
  })

  test('a TTL index removes a task a week after its end, in case no process was there to report it', async () => {
    const queue = await queueOf()
    await queue.add([notice])
    const end = new Date(time.clock() + day * 1000)
    expect((await storedTasks().findOne())?.endsAt).toEqual(end)
    expect(await storedTasks().indexes()).toContainEqual(
      expect.objectContaining({ key: { endsAt: 1 }, expireAfterSeconds: 7 * day }),
    )
  })

  test('no data of a task is stored in clear text', async () => {
    const queue = await queueOf()
    await queue.add([
      notice,
      logout('the-sid-of-a-session'),
      { kind: 'erase', accountId: 'acc-ount-id' },
    ])
    const words = {
      phone: notice.phone.slice(3),
      username: 'OuYang.YangLi',
      account: 'an-account-of-somebody',
      erased: 'acc-ount-id',
      sid: 'the-sid-of-a-session',
      client: 'exam-service',
    }
    expect(leaksIn(await mongoDump(stores), words)).toEqual([])
  })

  test('a task whose kind or content somebody changes in the database can not be decrypted', async () => {
    const queue = await queueOf()
    await queue.add([logout('sid')])
    await storedTasks().updateOne({}, { $set: { kind: 'erase' } })
    const [forged] = await queue.claim('erase', 1)
    expect(() => forged?.read()).toThrow()
    await queue.add([notice])
    const own = await storedTasks().findOne({ kind: 'sms' })
    await queue.add([notice])
    await storedTasks().updateMany({ kind: 'sms' }, { $set: { sealed: own?.sealed ?? '' } })
    const swapped = (await queue.claim('sms', 2)).filter(({ id }) => id !== own?._id)
    expect(swapped).toHaveLength(1)
    expect(() => swapped[0]?.read()).toThrow()
  })

  test('a task is added only when its transaction commits', async () => {
    const queue = await queueOf()
    const accounts = stores.mongodb.collection('accounts')
    await accounts.insertOne({ name: 'before' })
    let woken = 0
    queue.whenAdded((kinds) => {
      expect(kinds).toEqual(['sms'])
      woken += 1
    })
    const change = (ends: () => void) =>
      stores.mongodb.transaction(async (session) => {
        await accounts.updateOne({}, { $set: { name: 'after' } }, { session })
        await queue.insertTasks([notice], session)
        expect(await countTasks()).toBe(0)
        expect(woken).toBe(0)
        ends()
      })
    await expect(
      change(() => {
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect([await countTasks(), await accounts.findOne()]).toMatchObject([0, { name: 'before' }])
    woken = 0
    await change(() => {})
    expect([await countTasks(), await accounts.findOne()]).toMatchObject([1, { name: 'after' }])
    await until(() => woken === 1)
    const [task] = await queue.claim('sms', 1)
    expect(task?.read()).toEqual(notice)
  })
})

describe('the worker', () => {
  test('concurrent workers carry out each task once', async () => {
    const done: string[] = []
    const handlers: TaskHandlers = {
      logout: async ({ sid }) => {
        await sleep(1)
        done.push(sid ?? '')
        return true
      },
    }
    const workers = await Promise.all([worker(handlers), worker(handlers), worker(handlers)])
    const sids = Array.from({ length: 300 }, (_, n) => `sid ${n}`)
    await Promise.all(
      workers.map(({ queue }, n) => queue.add(sids.slice(n * 100, n * 100 + 100).map(logout))),
    )
    await until(async () => (await countTasks()) === 0)
    await Promise.all(workers.map(({ stop }) => stop()))
    expect(done.sort()).toEqual(sids.sort())
    expect(lines).toEqual([])
  })

  test('adding a task wakes up only the worker of its kind', async () => {
    const queue = await queueOf()
    const asked: string[] = []
    const observedQueue: typeof queue = {
      ...queue,
      claim: (kind, most) => {
        asked.push(kind)
        return queue.claim(kind, most)
      },
    }
    const rarePolling = { ...policy, poll: 3600 } as unknown as typeof policy
    const done = async () => true
    const handlers = { sms: done, logout: done, 'sign-out': done, erase: done }
    const { stop } = taskWorker({ queue: observedQueue, handlers, policy: rarePolling, log })
    await until(() => asked.length === 4)
    await queue.add([notice])
    await until(async () => (await countTasks()) === 0)
    await stop()
    expect(asked.slice(4)).toContain('sms')
    expect(new Set(asked.slice(4))).toEqual(new Set(['sms']))
  })

  test('the worker sends a hundred logout messages concurrently', async () => {
    let under = 0
    let most = 0
    const { opened, open } = gate()
    const { queue, stop } = await worker({
      logout: async () => {
        under += 1
        most = Math.max(most, under)
        if (under === 100) open()
        await opened
        under -= 1
        return true
      },
    })
    await queue.add(Array.from({ length: 100 }, (_, n) => logout(`sid ${n}`)))
    await until(async () => (await countTasks()) === 0)
    expect(most).toBe(100)
    await stop()
  })

  test('a task that fails or throws is retried and logged without its content', async () => {
    let tries = 0
    const { queue, wake, stop } = await worker({
      sms: async ({ phone }) => {
        tries += 1
        if (tries === 1) throw new TypeError(`no message for ${phone}`)
        return tries === 3
      },
    })
    await queue.add([notice])
    for (const pause of policy.sms.retries.slice(0, 2)) {
      const before = tries + 1
      await until(
        async () =>
          tries === before &&
          (await storedTasks().countDocuments({ lease: { $exists: false } })) === 1,
      )
      turn(pause)
      wake()
    }
    await until(async () => (await countTasks()) === 0)
    expect(tries).toBe(3)
    const [[line]] = lines as [[object]]
    expect(lines).toHaveLength(1)
    expect(line).toMatchObject({ kind: 'sms', attempts: 1, error: 'TypeError' })
    expect(JSON.stringify(lines)).not.toContain('13800138000')
    await stop()
  })

  test('an expired task is dropped without being carried out, and logged', async () => {
    let tries = 0
    const queue = await queueOf()
    await queue.add([notice])
    turn(day)
    const { stop } = await worker({
      sms: async () => {
        tries += 1
        return true
      },
    })
    await until(async () => (await countTasks()) === 0)
    await stop()
    expect(tries).toBe(0)
    expect(lines).toEqual([[expect.objectContaining({ kind: 'sms', attempts: 1 }), 'task dropped']])
  })

  test('a task that can not be decrypted is kept and logged', async () => {
    const otherKeyQueue = await tasksMongo({
      connection: stores.mongodb,
      encryption: testEncryption(),
      clock: time.clock,
      policy,
    })
    await otherKeyQueue.add([notice])
    const { stop } = await worker({ sms: async () => true })
    await until(() => lines.length === 1)
    await stop()
    expect(lines).toEqual([[expect.objectContaining({ kind: 'sms' }), 'task failed']])
    expect(await countTasks()).toBe(1)
  })

  test('a task without a handler stays in the queue', async () => {
    const { queue, stop } = await worker({ sms: async () => true })
    await queue.add([logout('sid'), notice])
    await until(async () => (await countTasks()) === 1)
    await stop()
    expect(await storedTasks().findOne()).toMatchObject({ kind: 'logout', attempts: 0 })
  })

  test('a stopped worker finishes its current task and starts no other', async () => {
    const started = gate()
    const end = gate()
    const { queue, stop } = await worker({
      sms: async () => {
        started.open()
        await end.opened
        return true
      },
    })
    await queue.add([notice])
    await started.opened
    let stopped = false
    const stopping = stop().then(() => {
      stopped = true
    })
    await sleep(20)
    expect(stopped).toBe(false)
    end.open()
    await stopping
    await queue.add([notice])
    await sleep(20)
    expect(await storedTasks().find().toArray()).toMatchObject([{ attempts: 0 }])
  })

  test.each([
    ['sent', true],
    ['invalid_phone', true],
    ['quota', false],
    ['unavailable', false],
  ] as const)(
    'a notice to which the gateway answers %s counts as done: %s',
    async (outcome, done) => {
      const asked: object[] = []
      const recorded: object[] = []
      const gateway = {
        send: async (message: object) => {
          asked.push(message)
          return outcome
        },
      }
      const record = async (event: object) => void recorded.push(event)
      const send = sendNotice(gateway, { record }, 'a-process')
      expect(await send({ ...notice, accountId: 'somebody' })).toBe(done)
      const { kind: _, ...message } = notice
      expect(asked).toEqual([message])
      // Every message that was paid for is in the audit trail, with its account and without its phone.
      const { template: detail } = notice
      const event = { what: 'sms-sent', address: 'a-process', accountId: 'somebody', detail }
      expect(recorded).toEqual(outcome === 'sent' ? [event] : [])
    },
  )
})
