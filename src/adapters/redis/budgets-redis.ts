import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { BudgetAlarm, BudgetName, Budgets } from '../../ports/services/budgets.ts'
import { budgetUse } from './budget-use.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/** How much of each budget there is in an hour and in a day. */
export type BudgetAmounts = Readonly<
  Record<BudgetName, { readonly hour: number; readonly day: number }>
>

/** A window is kept in so many parts of equal length; a use leaves it when its part is entirely over. */
const parts = 60

/**
 * Each budget is one hash. `hour.parts` and `day.parts` are the sliding windows: a list of [number of the part since
 * 1970, what was spent, what of it was `shared`, i.e. outside the reserve]. `hour.until`, `hour.spent`, `codes.sent` and
 * `codes.used` describe the present hour, `hours` the last ones. `alarm.NAME` is the time from which NAME may be
 * reported again.
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
      const [wait, alarms, ...spentIn] = (await spend(
        redis,
        [keyOf(name)],
        [
          ...[clock(), recipient, isCode ? 1 : 0, parts],
          ...[hour, sharedOf(hour), day, sharedOf(day), ...rules],
        ],
      )) as [number, readonly BudgetAlarm[], number, number, number]
      for (const alarm of alarms) await report(name, alarm)
      if (wait > 0) return { granted: false, retryAfter: Math.ceil(wait / 1000) }
      let given = false
      return {
        granted: true,
        async giveBack() {
          if (given) return
          given = true
          await giveBack(redis, [keyOf(name)], [recipient, isCode ? 1 : 0, ...spentIn])
        },
      }
    },
    async codeUsed() {
      await codeUsed(redis, [keyOf('sms')], [clock()])
    },
    async used(name) {
      const stored = await redis.hmget(keyOf(name), 'hour.parts', 'day.parts')
      return budgetUse(stored, amounts[name], { parts, now: clock() })
    },
  }
}

/**
 * Counts one use in both windows, or in none. Returns {0, alarms, part of the hour, part of the day, end of the present
 * hour}, or {the ms until both windows have something left, alarms}.
 */
const spend = redisScript(`
  local key, now, recipient, isCode = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3] == '1'
  local parts = tonumber(ARGV[4])
  local leastCodes, usedShare = tonumber(ARGV[9]), tonumber(ARGV[10])
  local leastUsual, surgeTimes, usualHours = tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
  local windows = {
    { name = 'hour', length = 3600000, amount = tonumber(ARGV[5]), shared = tonumber(ARGV[6]) },
    { name = 'day', length = 86400000, amount = tonumber(ARGV[7]), shared = tonumber(ARGV[8]) },
  }
  local alarms = {}
  local function number(field) return tonumber(redis.call('HGET', key, field) or 0) end
  local function alarm(name, length)
    if now < number('alarm.' .. name) then return end
    redis.call('HSET', key, 'alarm.' .. name, now + length)
    alarms[#alarms + 1] = name
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
    if sent >= leastCodes and number('codes.used') < sent * usedShare then alarm('hour.unused-codes', 0) end
    redis.call('HDEL', key, 'codes.sent', 'codes.used', 'alarm.hour.surge')
  end
  local function beginHour()
    local ends = number('hour.until')
    if now < ends then return ends end
    if ends > 0 then endHour() end
    redis.call('HSET', key, 'hour.until', now + 3600000, 'hour.spent', 0)
    return now + 3600000
  end
  local function read(window)
    window.part = window.length / parts
    window.present, window.list, window.spent, window.used = math.floor(now / window.part), {}, 0, 0
    for _, part in ipairs(cjson.decode(redis.call('HGET', key, window.name .. '.parts') or '[]')) do
      if part[1] >= window.present - parts then
        window.list[#window.list + 1] = part
        window.spent, window.used = window.spent + part[2], window.used + part[3]
      end
    end
  end
  local function waitFor(window, column, total, amount)
    for _, part in ipairs(window.list) do
      total = total - part[column]
      if total < amount then return (part[1] + parts + 1) * window.part - now end
    end
    return window.length
  end
  local function add(window)
    local last = window.list[#window.list]
    if not last or last[1] ~= window.present then
      last = { window.present, 0, 0 }
      window.list[#window.list + 1] = last
    end
    last[2] = last[2] + 1
    if recipient ~= 'registered' then last[3] = last[3] + 1 end
    redis.call('HSET', key, window.name .. '.parts', cjson.encode(window.list))
  end

  local hourEnds, wait = beginHour(), 0
  for _, window in ipairs(windows) do
    read(window)
    if window.spent >= window.amount then
      wait = math.max(wait, waitFor(window, 2, window.spent, window.amount))
    end
    if recipient ~= 'registered' and window.used >= window.shared then
      wait = math.max(wait, waitFor(window, 3, window.used, window.shared))
      alarm(window.name .. '.shared', window.length)
    end
  end
  redis.call('PEXPIRE', key, 8 * 86400000)
  if wait > 0 then return { wait, alarms } end

  for _, window in ipairs(windows) do
    add(window)
    for _, percent in ipairs({ 50, 80, 100 }) do
      if (window.spent + 1) * 100 >= window.amount * percent then
        alarm(window.name .. '.' .. percent, window.length)
      end
    end
  end
  if isCode then redis.call('HINCRBY', key, 'codes.sent', 1) end
  local spent, hours = redis.call('HINCRBY', key, 'hour.spent', 1), usual()
  if #hours > 0 then
    table.sort(hours)
    local median = hours[math.ceil(#hours / 2)]
    if spent >= math.max(median, leastUsual) * surgeTimes then alarm('hour.surge', 3600000) end
  end
  return { 0, alarms, windows[1].present, windows[2].present, hourEnds }
`)

/** Gives back only what the windows and the present hour still count. */
const giveBack = redisScript(`
  local key, isShared, isCode = KEYS[1], ARGV[1] ~= 'registered', ARGV[2] == '1'
  for n, field in ipairs({ 'hour.parts', 'day.parts' }) do
    local list = cjson.decode(redis.call('HGET', key, field) or '[]')
    for _, part in ipairs(list) do
      if part[1] == tonumber(ARGV[n + 2]) and part[2] > 0 then
        part[2] = part[2] - 1
        if isShared then part[3] = part[3] - 1 end
        redis.call('HSET', key, field, cjson.encode(list))
        break
      end
    end
  end
  if redis.call('HGET', key, 'hour.until') == ARGV[5] then
    redis.call('HINCRBY', key, 'hour.spent', -1)
    if isCode then redis.call('HINCRBY', key, 'codes.sent', -1) end
  end
`)

/** Counts the use of a code in the present hour. */
const codeUsed = redisScript(`
  if tonumber(redis.call('HGET', KEYS[1], 'hour.until') or 0) > tonumber(ARGV[1]) then
    redis.call('HINCRBY', KEYS[1], 'codes.used', 1)
  end
`)
