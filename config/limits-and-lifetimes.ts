/**
 * Limits and lifetimes (specification, section 5) in seconds; a day is 24 hours from the first attempt. All numbers are
 * in this file, so that an auditor reads one file.
 */
const minute = 60
const hour = 60 * minute
const day = 24 * hour

export type Policy = ReturnType<typeof policy>

/**
 * @param scale LIMITS_SCALE: multiplies the counts a day, an hour and a flow and the free failures, divides the
 *   pauses and waits; captcha, tries of a code, lifetimes, windows, breaker and time-outs stay.
 */
export function policy(scale = 1) {
  const count = (n: number) => Math.ceil(n * scale)
  const wait = (seconds: number) => seconds / scale
  /**
   * Above `count` every further try takes a captcha, above `most` it is refused. Its network (IPv4 /24, IPv6 /56) and
   * its site (IPv6 /48) have so many `times` as much.
   */
  const times = { network: 10, site: 30 }
  const address = (n: number) => ({ count: count(n), most: count(n * 10), window: hour, times })
  return {
    captcha: { length: 4, lifetime: 5 * minute },
    smsCode: {
      digits: 6,
      lifetime: 5 * minute,
      tries: 5,
      pause: wait(minute),
      perPhoneAndBrowser: { count: count(5), window: day },
      perPhone: { count: count(10), window: day },
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
    /** A code's day is used up by four networks at least: one stranger keeps no unit from registering (decision 0140). */
    registryCheck: {
      perCodeAndAddress: { count: count(5), window: day },
      perCode: { count: count(20), window: day },
      perAddress: address(20),
    },
    /** `trustWithout`: months for which a bank check of a number is trusted when the operator can't be asked. */
    numberAge: { timeout: 3, trustWithout: 6 },
    /**
     * Budgets for paid messages and bank checks (SMS_BUDGET_HOUR …). `reserve`: the share for registered people.
     * `usedCodes`: an alarm if less than this share of an hour's codes is used, from `least` codes on. `surge`: an alarm
     * at so many `times` the median of the last `hours`, which counts as `least` at least.
     */
    budgets: {
      reserve: 0.3,
      usedCodes: { share: 0.4, least: 10 },
      surge: { times: 10, hours: 24, least: 2 },
    },
    /** Codes that a device shows and a person types; wrong ones are counted. */
    userCode: { perAddress: address(30) },
    /** How often a device may ask: every 5 s (RFC 8628, 3.2), less what the network may shift. */
    devicePolls: { count: 1, window: wait(4) },
    existence: { perFlow: 5, perAddress: address(30) },
    login: {
      failures: count(5),
      window: 15 * minute,
      waits: [1, 2, 4, 8, 16, 32, 60].map((minutes) => wait(minutes * minute)),
      perAddress: address(100),
    },
    /** 密保问题: as many wrong answers a day, then the method rests; after that it begins anew. */
    questions: { failures: count(5), window: day, waits: [wait(day)], quiet: 0 },
    flow: { idle: 30 * minute, lease: 15, turn: 8 },
    session: { idle: 30 * minute, most: 12 * hour },
    tokens: {
      code: minute,
      access: 10 * minute,
      id: 10 * minute,
      refreshIdle: 14 * day,
      refreshMost: 90 * day,
      /** A public client may repeat the use of a refresh token for so long, as long as its successor is unused. */
      refreshRepeat: 30,
      /** The end of a token that stays the same is moved by no less than this. */
      refreshMove: day,
      interaction: hour,
      deviceCode: 10 * minute,
    },
    /**
     * Authorization requests that wait for a person. Above `captcha` open ones of a network address the next one needs
     * a captcha, above `most` it is refused. `unopened`: the lifetime of one whose page nobody opened.
     */
    openRequests: { captcha: count(200), most: count(2000), unopened: 10 * minute, pushed: minute },
    /** Flows of a network address; each costs up to some kB for its idle time. */
    openFlows: { most: count(2000) },
    /** The largest `state`, `nonce`, `claims` or request object, and all parameters together, in bytes. */
    requestParameters: { each: 4096, all: 16 * 1024 },
    /** How long a client's secret is good after it was replaced. */
    clients: { keepSecret: 7 * day },
    /** Deferred work starts after a random delay between these, so that the response time does not disclose it. */
    deferredWork: { least: 0.15, most: 0.4 },
    /** A request is answered within that, outage or not. */
    request: { deadline: 9 },
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
    /** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. `queue`: how many may wait for a free core. */
    argon2: { memoryCost: 19456, timeCost: 2, parallelism: 1, queue: 200 },
    /**
     * The notice of a sign-in on a new device: not in the browser that registered, so long after it; and so many a day,
     * for whoever knows a password shall not ring a phone all night.
     */
    newDevice: {
      afterRegistration: { count: 1, window: hour },
      perAccount: { count: count(10), window: day },
    },
    /** 注销账户: how long a sign-in keeps the account (GB/T 35273-2020, 8.5: done within 15 working days). */
    closing: { coolingOff: 15 * day },
    audit: { keep: 365 * day },
    /**
     * What tokens are signed with. Relying parties may cache the published set for `cache`. A key is published
     * `publishAhead` before it signs: longer than `cache` and `look`, since some cache longer than they may. It stays
     * published for `keep` after: longer than any token lives, and any session that is ended by an `id_token_hint`.
     * `look`: how often each process looks for what has changed.
     */
    keys: { cache: hour, publishAhead: 2 * day, rotateEvery: 90 * day, keep: day, look: 5 },
    /**
     * The queue. `retries`: pauses after the first, second … failure, the last one again and again until `end` (counted
     * from when it was due). `together`: at a time in each process. `lease`: longer than any of them takes.
     * `postpone`: the pause of a notice that waits for its budget.
     */
    tasks: {
      lease: 30,
      poll: 2,
      postpone: minute,
      sms: { together: 8, retries: [15, minute, 5 * minute, 15 * minute, hour], end: day },
      /**
       * A system that was down is told within a minute of coming back; one that hangs delays nobody of a hundred.
       * `rest`: so long it isn't asked after a failure.
       */
      logout: { together: 128, retries: [5, 30], end: day, rest: 5 },
      'sign-out': { together: 4, retries: [5, 30, 5 * minute], end: undefined },
      erase: { together: 2, retries: [minute, 10 * minute, hour], end: undefined },
    },
    /**
     * `perClient`: requests with a right statement. `statement`: how old one may be, and how far ahead its clock.
     * `keep`: how long a repeated request has the same answer. `lease`: how long a process that died keeps others from
     * taking up its request: longer than any takes; `wait`: how long they wait for its answer.
     */
    terminals: {
      perClient: { count: count(300), window: hour },
      statement: { age: 2 * minute, ahead: 30 },
      keep: 7 * day,
      lease: 20,
      wait: 8,
    },
    cases: { keep: 180 * day },
  } as const
}
