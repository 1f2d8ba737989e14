import { redisScript } from '../redis-script.ts'

/** Removes expired records from the list and adds this one. The list expires with its last record. */
export const addToList = redisScript(`
  local now, lifetime, record = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  redis.call('ZADD', KEYS[1], now + lifetime, record)
  if redis.call('PTTL', KEYS[1]) < lifetime then redis.call('PEXPIRE', KEYS[1], lifetime) end
`)

/** A new record gets the lifetime; a stored one keeps its own. */
export const storeUnopened = redisScript(`
  if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('SET', KEYS[1], ARGV[1], 'KEEPTTL') end
  return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
`)

/** Returns 1 to exactly one caller. */
export const consume = redisScript(`
  local stored = redis.call('GET', KEYS[1])
  if not stored or string.find(stored, '|', 1, true) then return 0 end
  redis.call('SET', KEYS[1], ARGV[1] .. '|' .. stored, 'KEEPTTL')
  return 1
`)

/** Replaces the record in the uid index of an ended session, for longer than any request that may still store the session. */
export const ended = 'ended'
/** Returns 0 for an ended session. */
export const setUnlessEnded = redisScript(`
  if redis.call('GET', KEYS[1]) == '${ended}' then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
`)
