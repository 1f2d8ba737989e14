import { randomBytes } from 'node:crypto'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { bankFields, register, signInFields, withCode } from '../support/registering.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

/** Everything that MongoDB holds of this platform, as text. */
async function mongoDump(): Promise<string> {
  const collections = await platform.stores.mongodb.listCollections()
  const documents = await Promise.all(
    collections.map(({ name }) => platform.stores.mongodb.collection(name).find().toArray()),
  )
  return JSON.stringify(documents)
}

/** Every key and value that Redis holds of this platform, as text. */
async function redisDump(): Promise<string> {
  const { redis, keyPrefix } = platform.stores
  const keys = await redis.keys(`*${keyPrefix}*`)
  const reads: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, '0', '-1', 'WITHSCORES'),
    list: (key) => redis.lrange(key, 0, -1),
  }
  const values = await Promise.all(
    keys.map(async (key) => {
      const read = reads[await redis.type(key)]
      if (!read) throw new Error(`a type that this test can't read: ${await redis.type(key)}`)
      return [key, await read(key)]
    }),
  )
  return JSON.stringify(values)
}

/** A value in every writing that it could leak in. */
const writings = (value: string) => [
  value,
  encodeURIComponent(value),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString('hex'),
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
  Buffer.from(value).toString('base64url'),
]

function expectNone(of: Readonly<Record<string, string>>, where: string, text: string): void {
  expect(text.length).toBeGreaterThan(100)
  const found = Object.entries(of).filter(([, value]) =>
    writings(value).some((writing) => text.includes(writing)),
  )
  expect([where, found.map(([name]) => name)]).toEqual([where, []])
}

test('nothing that a person typed or was sent stands in clear in a store, a log or an address', async () => {
  const person = samplePerson({ name: '欧阳𠮷' })
  const at = personAtForms()
  const addresses: string[] = []
  const pages: string[] = []

  // A whole run, with what goes wrong on the way.
  await register(platform, at, person)
  const used = await platform.codeFor(person.phone)
  const other = samplePerson({ name: '司马懿之' })
  const refusing = personAtForms()
  const { page, fields } = await withCode(platform, refusing, other)
  const refused = await refusing.send(page, fields)
  expect(refused.faults).toEqual(['人员姓名或证件名或证件号与银行登记不匹配'])
  await platform.simulator('PUT', '/faults', { bank: 'error' })
  const away = await refusing.send(page, fields)
  expect(away.status).toBe(503)
  await platform.simulator('PUT', '/faults', { bank: 'ok' })

  const form = await at.open(`${platform.exam.url}/login`)
  const wrongPassword = `mistyped ${randomBytes(8).toString('hex')}`
  const wrong = await at.send(form, { ...signInFields(person), password: wrongPassword })
  expect(wrong.status).toBe(422)
  const signedIn = await at.send(wrong, signInFields(person))
  expect(signedIn.text).toContain(person.name)
  addresses.push(...[refused, away, form, wrong, signedIn].map(({ url }) => url.href))
  const broken = await at.open(`${platform.issuer}/register/${'x'.repeat(22)}/login`)
  pages.push(broken.html)

  const secrets = {
    name: person.name,
    'other name': other.name,
    'ID number': person.idNumber,
    'other ID number': other.idNumber,
    account: person.account,
    'other account': other.account,
    phone: person.phone,
    'other phone': other.phone,
    username: person.username,
    password: person.password,
    'other password': other.password,
    'wrong password': wrongPassword,
    'client secret': platform.exam.clientSecret,
    'other bank fields': JSON.stringify(bankFields(other)),
  }
  const sms = { code: used, 'other code': String(fields.smsCode) }
  expectNone(secrets, 'MongoDB', await mongoDump())
  expectNone(secrets, 'Redis', await redisDump())
  expectNone(secrets, 'log', platform.lines.join(''))
  expectNone(secrets, 'addresses', addresses.join(' ').padEnd(101))
  expectNone(secrets, 'error page', pages.join())
  // Six digits stand by chance in any long digest; between quotes, blanks or signs they'd be a code.
  const alone = (text: string) =>
    text
      .match(/(?<![\w-])\d{6}(?![\w-])/g)
      ?.join(' ')
      .padEnd(101) ?? ''.padEnd(101)
  expectNone(sms, 'MongoDB', alone(await mongoDump()))
  expectNone(sms, 'Redis', alone(await redisDump()))
  expectNone(sms, 'log', alone(platform.lines.join('')))
}, 60_000)

test('the search itself finds what is there', async () => {
  await platform.stores.redis.hset(`${platform.stores.keyPrefix}probe`, 'field', '张三丰')
  const dump = await redisDump()
  expect(() => expectNone({ probe: '张三丰' }, 'Redis', dump)).toThrow()
})
