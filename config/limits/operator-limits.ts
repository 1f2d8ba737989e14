const minute = 60
const hour = 60 * minute
const day = 24 * hour

/**
 * Limits and lifetimes of the operators' side, in seconds.
 * The console. `invitation`: of a one-time link. `signIn`: the failures after which the name rests for the network.
 * `review`: the time in which somebody has to decide. `alerts`: the time for which 提醒 stay on the first page.
 * `auditExport`: the events that one auditor exports without a second person.
 * `announcements`: the time for which 公告 are kept after their end.
 * `limitAlarm`: a limit that refused so many attempts in an hour is a 提醒; how often each process looks.
 * `idempotency`: the time for which the API repeats an answer; the time for which a repetition waits.
 * `lookups`: of people, for an operator or a client of the API.
 * @param count multiplies a count by LIMITS_SCALE
 * @param wait divides a time of waiting by it
 */
export const operatorLimits = (count: (n: number) => number, wait: (seconds: number) => number) =>
  ({
    session: { idle: 15 * minute, most: 8 * hour },
    invitation: 30 * minute,
    activationTries: 5,
    signIn: { failures: count(5), window: 15 * minute, rest: wait(30 * minute) },
    review: day,
    alerts: 7 * day,
    announcements: 180 * day,
    limitAlarm: { hits: count(100), look: minute },
    lookups: { count: count(30), window: hour },
    idempotency: { keep: day, wait: 8 },
    auditExport: { most: 10_000, window: day },
  }) as const
