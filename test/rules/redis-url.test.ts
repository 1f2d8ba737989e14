import { readRedisUrl } from '../../config/environment/redis-url.ts'
import { settings } from '../../config/environment/settings.ts'

const server = { kind: 'server', tls: false, database: 0 }
const [one, two] = [
  { host: 'r1.example', port: 7001 },
  { host: 'r2.example', port: 6379 },
]

test.each([
  ['redis://r2.example', { ...server, hosts: [two] }],
  [
    'redis://:s%40cret@[::1]:7001/2',
    {
      ...server,
      hosts: [{ host: '::1', port: 7001 }],
      password: 's@cret',
      database: 2,
    },
  ],
  [
    'rediss://uup:a:b@r1.example:7001',
    {
      ...server,
      ...{ tls: true, hosts: [one], username: 'uup', password: 'a:b' },
    },
  ],
  ['redis://r2.example?db=3', { ...server, hosts: [two], database: 3 }],
  [
    'redis+cluster://uup:secret@r1.example:7001,r2.example?tls=true',
    {
      ...{ kind: 'cluster', tls: true, database: 0, hosts: [one, two] },
      ...{ username: 'uup', password: 'secret' },
    },
  ],
  [
    'redis+cluster://r1.example:7001?username=uup&password=s%26cret',
    {
      ...{ kind: 'cluster', tls: false, database: 0, hosts: [one] },
      ...{ username: 'uup', password: 's&cret' },
    },
  ],
  [
    'redis+sentinel://main@r1.example:7001,s2.example/3?username=uup&password=secret&sentinelUsername=watch&sentinelPassword=other&tls=true',
    {
      ...{ kind: 'sentinel', master: 'main', tls: true, database: 3 },
      hosts: [one, { host: 's2.example', port: 26_379 }],
      ...{ username: 'uup', password: 'secret' },
      ...{ sentinelUsername: 'watch', sentinelPassword: 'other' },
    },
  ],
])('REDIS_URL %s is read', (url, address) => {
  expect(readRedisUrl(url)).toEqual({ address })
  expect(settings.shape.REDIS_URL.parse(url)).toBe(url)
})

const needsHosts = 'must name each server as HOST or HOST:PORT'
test.each([
  [
    'http://r1.example',
    'must begin with redis://, rediss://, redis+sentinel:// or redis+cluster://',
  ],
  ['redis://', needsHosts],
  ['redis://r1.example:port', needsHosts],
  ['redis://r1.example:70000', needsHosts],
  ['redis+cluster://r1.example:7001,', needsHosts],
  [
    'redis://r1.example,r2.example',
    'names several servers: begin with redis+sentinel:// or redis+cluster://',
  ],
  ['redis://:%zz@r1.example', 'has a malformed %-encoding before @'],
  ['redis://r1.example/first', 'must have a number as its path, the database'],
  ['redis+cluster://r1.example/1', 'must not name a database: a cluster has only 0'],
  [
    'redis+cluster://r1.example?db=1',
    'has an unknown parameter: must be of username, password, tls',
  ],
  [
    'redis://r1.example?pass=hunter2',
    'has an unknown parameter: must be of username, password, db, tls',
  ],
  ['redis://r1.example?tls=yes', 'has a tls that is neither true nor false'],
  ...['one', '-1', '1.5', '1e3', '0x1', '%201', ''].map((db) => [
    `redis://r1.example?db=${db}`,
    'has a db that is not the number of a database',
  ]),
  ['redis+sentinel://main@r1.example?db=first', 'has a db that is not the number of a database'],
])('REDIS_URL %s is refused, and the problem shows no part of it', (url, problem) => {
  expect(readRedisUrl(url)).toEqual({ problem })
  expect(settings.shape.REDIS_URL.safeParse(url).error?.issues[0]?.message).toBe(problem)
})

test.each(['redis+sentinel://r1.example', 'redis+sentinel://uup:secret@r1.example'])(
  'REDIS_URL %s is refused, since it does not name the master',
  (url) => {
    const read = readRedisUrl(url)
    expect('problem' in read && read.problem).toMatch(/^must name the master: redis\+sentinel:/)
    expect(JSON.stringify(read)).not.toContain('secret')
  },
)
