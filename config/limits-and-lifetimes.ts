import { admissionBounds } from './limits/admission-bounds.ts'
import { captchaLimits, networkTimes } from './limits/captcha-limits.ts'
import { eventLimits } from './limits/event-limits.ts'
import { operatorLimits } from './limits/operator-limits.ts'
import { storeBounds } from './limits/store-bounds.ts'

/**
 * Limits and lifetimes (specification, section 5) in seconds; a day is 24 hours from the first attempt. All numbers are
 * in this file, and those of captchas and of what may be stored in `limits/`.
 */
const minute = 60
const hour = 60 * minute
const day = 24 * hour

export type Policy = ReturnType<typeof policy>

/**
 * @param scale LIMITS_SCALE: multiplies the counts per day, hour and flow and the failures before a wait, and divides
 *   pauses and waits. It does not change the waits after wrong captchas, tries of a code, lifetimes,
 *   windows, circuit breakers and time-outs.
 */
export function policy(scale = 1) {
  const count = (n: number) => Math.ceil(n * scale)
  const wait = (seconds: number) => seconds / scale
  /** After so many failures in a day, a rest of a day from the last one on. */
  const rest = (failures: number) => ({ failures, window: day, waits: [wait(day)], quiet: 0 })
  /** Above `count`, every further attempt needs a captcha; above `most`, it is refused. */
  const address = (n: number) => ({
    ...{ count: count(n), most: count(n * 10), window: hour },
    times: networkTimes,
  })
  return {
    captcha: captchaLimits(count),
    /**
     * After `perPhone`, a phone gets `hourly` more for a captcha of the hardest level each. `own`: for whoever has proved
     * something about the account, each kind of proof for itself. ID numbers may have leaked, so that proof counts in each
     * network for itself, and each message above `ownInAll` needs such a captcha too (decision 0225).
     */
    smsCode: {
      digits: 6,
      lifetime: 5 * minute,
      tries: 5,
      pause: wait(minute),
      perPhoneAndBrowser: { count: count(5), window: day },
      perPhone: { count: count(10), window: day },
      hourly: { count: count(1), window: hour },
      own: { count: count(5), window: day },
      ownInAll: { count: count(20), window: day },
      perFlow: { count: count(5), window: day },
      perAddress: address(30),
    },
    bankCheck: {
      perCard: { count: count(5), window: day },
      perIdAndPhone: { count: count(5), window: day },
      perId: { count: count(10), window: day },
      perPhone: { count: count(10), window: day },
      perFlow: { count: count(5), window: day },
      perAddress: address(20),
    },
    /**
     * `perCode` exceeds `perCodeAndAddress`, so that one stranger cannot keep a unit from registering (decision 0140).
     */
    registryCheck: {
      perCodeAndAddress: { count: count(5), window: day },
      perCode: { count: count(20), window: day },
      perAddress: address(20),
    },
    /** `trustWithout`: the months for which a bank check of a number is trusted if the operator reports no age. */
    numberAge: { timeout: 3, trustWithout: 6 },
    /**
     * Budgets for paid messages and bank checks (SMS_BUDGET_HOUR …). `reserve`: the share for registered people.
     * `usedCodes`: an alarm if less than this share of an hour's codes is used, from `least` codes on. `surge`: an
     * alarm at so many `times` the median of the last `hours`, which counts as `least` at least.
     */
    budgets: {
      reserve: 0.3,
      usedCodes: { share: 0.4, least: 10 },
      surge: { times: 10, hours: 24, least: 2 },
    },
    /** Wrong user codes (RFC 8628, 5.1). */
    userCode: { perAddress: address(30) },
    /** A device may poll every 5 s (RFC 8628, 3.2). The window is shorter, since the network delays some requests. */
    devicePolls: { count: 1, window: wait(4) },
    existence: { perFlow: 5, perAddress: address(30) },
    login: {
      failures: count(5),
      window: 15 * minute,
      waits: [1, 2, 4, 8, 16, 32, 60].map((minutes) => wait(minutes * minute)),
      perAddress: address(100),
    },
    /** 密保问题: after that many wrong answers in a day, the method rests for a day, there or for all. */
    questions: { perBrowser: rest(count(5)), perNetwork: rest(count(5)), inAll: rest(count(20)) },
    flow: { idle: 30 * minute, lease: 15, turn: 8 },
    session: { idle: 30 * minute, most: 12 * hour },
    tokens: {
      code: minute,
      access: 10 * minute,
      id: 10 * minute,
      refreshIdle: 14 * day,
      refreshMost: 90 * day,
      /** A public client may use a refresh token repeatedly during this time, as long as its successor is unused. */
      refreshRepeat: 30,
      /** A refresh token that is not rotated is extended by at least this time, to save writes. */
      refreshMove: day,
      interaction: hour,
      deviceCode: 10 * minute,
    },
    ...storeBounds(count),
    /** The time during which a replaced client secret is still valid. */
    clients: { keepSecret: 7 * day },
    /** Deferred work starts after a random delay between these, so that the response time does not disclose it. */
    deferredWork: { least: 0.15, most: 0.4 },
    /** The time within which every request is answered, even in an outage. */
    request: { deadline: 9 },
    admission: admissionBounds,
    /**
     * `timeout`: the time that a request waits for an external service. `late`: the time that a bank check may take
     * although no request waits any more; its answer is kept for `keep`. `again`: the time that a request waits for the
     * late answer to an earlier one.
     */
    externalServices: {
      timeout: 6,
      late: 40,
      keep: 10 * minute,
      again: 3,
      breakerFailures: 5,
      breakerRest: 15,
    },
    /** A KMS that does not answer is asked again after each of these pauses; then the start ends. */
    keyService: { pauses: [1, 2, 4] },
    /**
     * OWASP's minimum for argon2id: 19 MiB, two passes, one lane. `queue`: the most calls that wait for a free core.
     */
    argon2: { memoryCost: 19456, timeCost: 2, parallelism: 1, queue: 200 },
    /**
     * The notice of a sign-in on a new device. The browser that registered the account is not a new device for
     * `afterRegistration`. `perAccount` keeps a person who knows the password from flooding the phone with notices.
     */
    newDevice: {
      afterRegistration: { count: 1, window: hour },
      perAccount: { count: count(10), window: day },
    },
    /** 注销账户: a sign-in within this time cancels it (GB/T 35273-2020, 8.5: erasure within 15 working days). */
    closing: { coolingOff: 15 * day },
    /** `heads`: how often each process signs how far its events are stored. `house`: how often it looks at older days. */
    audit: { heads: minute, house: hour },
    /**
     * The signing keys. Clients may cache the published key set for `cache`. A key is published `publishAhead` before
     * it signs, which is much longer than `cache` and `look`, since some clients cache longer than they may. It stays
     * published for `keep` afterwards, which is longer than the lifetime of any token, and of any session that an
     * `id_token_hint` may end. `look`: the interval at which each process reads the keys.
     */
    keys: { cache: hour, publishAhead: 2 * day, rotateEvery: 90 * day, keep: day, look: 5 },
    /**
     * The task queue. `retries`: the pauses after the first, second … failure; the last value repeats until `end`,
     * which is counted from the time at which the task was due. `together`: the concurrent tasks of each process.
     * `lease`: a time that is longer than any task takes. `postpone`: the pause of a notice that waits for its budget.
     */
    tasks: {
      lease: 30,
      poll: 2,
      postpone: minute,
      sms: { together: 8, retries: [15, minute, 5 * minute, 15 * minute, hour], end: day },
      /**
       * A client that was down gets its logout tokens within a minute after its recovery, and a client that does not
       * respond does not delay a hundred others. `rest`: the pause of a client after a failure.
       */
      logout: { together: 128, retries: [5, 30], end: day, rest: 5 },
      'sign-out': { together: 4, retries: [5, 30, 5 * minute], end: undefined },
      erase: { together: 2, retries: [minute, 10 * minute, hour], end: undefined },
      /** The concurrent streams of each process, and the pauses of a receiver that failed. Events end by themselves. */
      push: { together: 128, retries: [5, 30], end: undefined },
    },
    events: eventLimits(count),
    /**
     * `perClient`: requests with a valid statement. `statement`: the maximum age of a statement, and the clock skew
     * towards the future. `keep`: the time during which a repeated request gets the same answer. `lease`: the time for
     * which a process that died blocks a repetition; it is longer than any request takes. `wait`: the time that a
     * concurrent repetition waits for the answer.
     */
    terminals: {
      perClient: { count: count(300), window: hour },
      statement: { age: 2 * minute, ahead: 30 },
      keep: 7 * day,
      lease: 20,
      wait: 8,
    },
    cases: { keep: 180 * day },
    /**
     * 核验码 of 人工核验. `lifetime`: from the time on at which it is good. `waitOfKnown`: the time before that, for a person who
     * has an account, in which its owner can object. `tries`: the wrong codes that void it.
     */
    counterProofs: { lifetime: 72 * hour, waitOfKnown: wait(day), tries: 5 },
    operators: operatorLimits(count, wait),
  } as const
}
