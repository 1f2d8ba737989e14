const day = 24 * 3600

/**
 * Bounds of what one address can store (specification, section 5, and decision 0231), in seconds and bytes.
 * @param count scales a number (LIMITS_SCALE)
 */
export const storeBounds = (count: (n: number) => number) => ({
  /**
   * Pending authorization requests of a network address. Above `captcha`, the next one needs a captcha; above `most`,
   * it is refused. `unopened`: the lifetime of a request whose page nobody opened.
   */
  openRequests: { captcha: count(200), most: count(2000), unopened: 10 * 60, pushed: 60 },
  /**
   * The codes and tokens that the browsers at an address cause, in bytes (decision 0231). `each`: what a record takes
   * beside its payload. `times`: a code leads to an access token and a refresh token, whose payloads are like its own.
   */
  issuedRecords: { perAddress: { count: count(12_000_000), window: 3600 }, each: 500, times: 3 },
  /** Clients that an address registers or changes with the initial access token. */
  selfRegistration: { perAddress: { count: count(100), window: 3600 } },
  /**
   * Audit events of one kind from an address, for the kinds that somebody can cause again and again without another
   * limit. Further ones are only logged.
   */
  repeatedEvents: { count: count(1000), window: 3600 },
  /** Flows of a network address. Each one takes up to some kB during its idle time. */
  openFlows: { most: count(2000) },
  /**
   * Counters are written every `writeEvery`. `mostPending`: the counts that wait in memory while the store does not answer;
   * an hour of all counters has a few hundred.
   */
  counters: { writeEvery: 5, mostPending: 50_000, keepHours: 32 * day, keepDays: 731 * day },
  /** The largest `state`, `nonce`, `claims` or request object, and all parameters together, in bytes. */
  requestParameters: { each: 4096, all: 16 * 1024 },
})
