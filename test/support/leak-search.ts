import type { TestStores } from './stores.ts'

/** Returns all of this test's MongoDB data as text, names of collections and fields included. */
export async function mongoDump({ mongodb }: TestStores): Promise<string> {
  const collections = await mongodb.listCollections()
  const documents = await Promise.all(
    collections.map(async ({ name }) => [name, await mongodb.collection(name).find().toArray()]),
  )
  return JSON.stringify(documents)
}

/** Returns all of this test's keys and values in Redis as text. */
export async function redisDump({ redis, keyPrefix }: TestStores): Promise<string> {
  const reads: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, '0', '-1', 'WITHSCORES'),
    list: (key) => redis.lrange(key, 0, -1),
    stream: (key) => redis.xrange(key, '-', '+'),
  }
  const keys = await redis.keys(`*${keyPrefix}*`)
  const values = await Promise.all(
    keys.map(async (key) => {
      const type = await redis.type(key)
      const read = reads[type]
      if (!read && type !== 'none') throw new Error(`unknown Redis type: ${type}`)
      return [key, await read?.(key)]
    }),
  )
  return JSON.stringify(values)
}

/** Returns the names of the values that a text contains, in plain text or in a common encoding. */
export function leaksIn(text: string, values: Readonly<Record<string, string>>): string[] {
  const lower = text.toLowerCase()
  return Object.entries(values)
    .filter(([, value]) =>
      value.length < short
        ? standsAlone(text, value) || standsAlone(lower, hex(value))
        : writings(value).some((writing) => text.includes(writing)) || lower.includes(hex(value)),
    )
    .map(([name]) => name)
}

/** A shorter value can occur in a long random text by chance. */
const short = 8

const hex = (value: string) => Buffer.from(value).toString('hex')

const standsAlone = (text: string, value: string) =>
  new RegExp(
    `(?<![\\w+/=-])${value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?![\\w+/=-])`,
    'iu',
  ).test(text)

const writings = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  encodeURIComponent(value).replaceAll('%20', '+'),
  JSON.stringify(value).slice(1, -1),
  [...value].map((character) => `&#x${character.codePointAt(0)?.toString(16)};`).join(''),
  [...value].reverse().join(''),
  ...[0, 1, 2].flatMap((offset) => {
    const inside = base64Inside(value, offset)
    return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')]
  }),
]

/** The characters that a value always has in the base64 of a longer text, where `offset` bytes (modulo 3) precede it. */
function base64Inside(value: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
  const firstWhole = Math.ceil((offset * 8) / 6)
  return bytes.toString('base64').slice(firstWhole, Math.floor((bytes.length * 8) / 6))
}

/** Matches the digits as a separate word only, since a random id can contain them by chance. */
export const standaloneDigits = (digits: string): RegExp =>
  new RegExp(`(?<![\\w-])${digits}(?![\\w-])`)

/**
 * A wrong input of a test, such as `wrong` or `12`, is a word or a count of the stores too. The platform accepts no code and
 * no number of a person with fewer than six digits.
 */
const isCommon = (value: string) => /^\s*([a-z]{0,7}|\d{0,5})\s*$/.test(value)

/**
 * Ends the test with the names of what the stores of a platform contain in clear of all that its browsers and clients typed
 * and got. The environment `SEARCH_STORES=1` has this done for every platform of the tests.
 */
export async function searchStores(
  stores: TestStores,
  secrets: ReadonlyMap<string, string>,
): Promise<void> {
  const values = Object.fromEntries([...secrets].filter(([, value]) => !isCommon(value)))
  const found = {
    MongoDB: leaksIn(await mongoDump(stores), values),
    Redis: leaksIn(await redisDump(stores), values),
  }
  const named = [...found.MongoDB, ...found.Redis].map((name) => `${name}: ${values[name]}`)
  if (named.length > 0) throw new Error(`the stores contain in clear ${named.join(', ')}`)
}
