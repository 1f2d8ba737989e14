import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { BudgetAlarm, BudgetName, Budgets } from '../../ports/services/budgets.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/** How much of each budget there is in an hour and in a day. */
export type BudgetAmounts = Readonly<
  Record<BudgetName, { readonly hour: number; readonly day: number }>
>

/**
 * Each budget is one hash: for `hour` and `day` the `until` (ms) of the window, what was `spent`, and what of it was
 * `shared`, i.e. outside the reserve. The alarms of a window are fields too, so that each is reported once.
 */
export function budgetsRedis(
  { redis, keyPrefix, clock }: Pick<RedisStore, 'redis' | 'keyPrefix' | 'clock'>,
  amounts: BudgetAmounts,
  { reserve, usedCodes, surge }: Policy['budgets'],
  report: (name: BudgetName, alarm: BudgetAlarm) => Promise<void>,
): Budgets {
  const keyOf = (name: BudgetName) => `${keyPrefix}budget:${name}`
  const sharedOf = (amount: number) => Math.floor(amount * (1 - reserve))

  return {
    async spend(name, recipient, isCode = false) {
      const { hour, day } = amounts[name]
      const rules = [usedCodes.least, usedCodes.share, surge.least, surge.times, surge.hours]
      const [granted, hourEnd, dayEnd, ...alarms] = (await spend(
        redis,
        [keyOf(name)],
        [
          ...[clock(), recipient, isCode ? 1 : 0],
          ...[hour, sharedOf(hour), day, sharedOf(day), ...rules],
        ],
      )) as [number, number, number, ...BudgetAlarm[]]
      for (const alarm of alarms) await report(name, alarm)
      if (!granted) {
        // The end of the later one of the windows in which nothing is left.
        return { granted: false, retryAfter: Math.ceil((hourEnd - clock()) / 1000) }
      }
      let given = false
      return {
        granted: true,
        async giveBack() {
          if (given) return
          given = true
          const args = [hourEnd, dayEnd, recipient, isCode ? 1 : 0]
          await giveBack(redis, [keyOf(name)], args)
        },
      }
    },
    async codeUsed() {
      await codeUsed(redis, [keyOf('sms')], [clock()])
    },
  }
}

/**
 * Counts one use in both windows, or in none. Returns {1, end of the hour, end of the day, alarms …}, or {0, the time at
 * which both have something left, 0, alarms …}. A window that is over gives way to a new one first.
 */
const spend = redisScript(`
  local key, now, recipient, isCode = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3] == '1'
  local leastCodes, usedShare = tonumber(ARGV[8]), tonumber(ARGV[9])
  local leastUsual, surgeTimes, usualHours = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
  local windows = {
    { name = 'hour', length = 3600000, amount = tonumber(ARGV[4]), shared = tonumber(ARGV[5]) },
    { name = 'day', length = 86400000, amount = tonumber(ARGV[6]), shared = tonumber(ARGV[7]) },
  }
  local alarms = {}
  local function number(field) return tonumber(redis.call('HGET', key, field) or 0) end
  local function alarm(name)
    if redis.call('HSETNX', key, 'alarm.' .. name, 1) == 1 then alarms[#alarms + 1] = name end
  end
  local function usual()
    local hours = {}
    for hour in string.gmatch(redis.call('HGET', key, 'hours') or '', '%d+') do hours[#hours + 1] = tonumber(hour) end
    return hours
  end
  local function endHour()
    local hours = usual()
    hours[#hours + 1] = number('hour.spent')
    while #hours > usualHours do table.remove(hours, 1) end
    redis.call('HSET', key, 'hours', table.concat(hours, ','))
    local sent = number('codes.sent')
    local few = sent >= leastCodes and number('codes.used') < sent * usedShare
    redis.call('HDEL', key, 'codes.sent', 'codes.used', 'alarm.hour.surge')
    if few then alarms[#alarms + 1] = 'hour.unused-codes' end
  end
  local function begin(window)
    local name, ends = window.name, number(window.name .. '.until')
    if now < ends then return end
    if name == 'hour' and ends > 0 then endHour() end
    for _, which in ipairs({ '50', '80', '100', 'shared' }) do
      redis.call('HDEL', key, 'alarm.' .. name .. '.' .. which)
    end
    redis.call('HSET', key, name .. '.until', now + window.length, name .. '.spent', 0, name .. '.shared', 0)
  end

  local wait = 0
  for _, window in ipairs(windows) do
    begin(window)
    window.spent, window.used = number(window.name .. '.spent'), number(window.name .. '.shared')
    window.ends = number(window.name .. '.until')
    local isShared = recipient ~= 'registered' and window.used >= window.shared
    if window.spent >= window.amount or isShared then wait = math.max(wait, window.ends) end
    if isShared then alarm(window.name .. '.shared') end
  end
  redis.call('PEXPIRE', key, 8 * 86400000)
  if wait > 0 then return { 0, wait, 0, unpack(alarms) } end

  for _, window in ipairs(windows) do
    local spent = redis.call('HINCRBY', key, window.name .. '.spent', 1)
    if recipient ~= 'registered' then redis.call('HINCRBY', key, window.name .. '.shared', 1) end
    for _, percent in ipairs({ 50, 80, 100 }) do
      if spent * 100 >= window.amount * percent then alarm(window.name .. '.' .. percent) end
    end
  end
  if isCode then redis.call('HINCRBY', key, 'codes.sent', 1) end
  local hours = usual()
  if #hours > 0 then
    table.sort(hours)
    local median = hours[math.ceil(#hours / 2)]
    if windows[1].spent + 1 >= math.max(median, leastUsual) * surgeTimes then alarm('hour.surge') end
  end
  return { 1, windows[1].ends, windows[2].ends, unpack(alarms) }
`)

/** Gives back only in the windows in which it was spent. */
const giveBack = redisScript(`
  for n, name in ipairs({ 'hour', 'day' }) do
    if redis.call('HGET', KEYS[1], name .. '.until') == ARGV[n] then
      redis.call('HINCRBY', KEYS[1], name .. '.spent', -1)
      if ARGV[3] ~= 'registered' then redis.call('HINCRBY', KEYS[1], name .. '.shared', -1) end
      if n == 1 and ARGV[4] == '1' then redis.call('HINCRBY', KEYS[1], 'codes.sent', -1) end
    end
  end
`)

/** Counts the use of a code in the present hour. */
const codeUsed = redisScript(`
  if tonumber(redis.call('HGET', KEYS[1], 'hour.until') or 0) > tonumber(ARGV[1]) then
    redis.call('HINCRBY', KEYS[1], 'codes.used', 1)
  end
`)
