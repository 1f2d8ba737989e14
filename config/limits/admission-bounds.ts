/**
 * An overloaded process decides by these bounds, for each class of requests (`src/web/admission/request-class.ts`), what it still
 * serves.
 * `inFlight`: the requests of a class that a process works on at once; a class never takes the places of another.
 * `delay`: the time in ms that a request may wait for the event loop before the class is refused; the classes that are
 * refused last bear the longest. `hashWait`: the time in ms that a password may wait to be hashed before logins are refused.
 * `retryAfter`: a refused browser is told a random time between these, in seconds, so that not all return together.
 */
export const admissionBounds = {
  token: { inFlight: 1000, delay: 4000 },
  session: { inFlight: 400, delay: 2000 },
  step: { inFlight: 200, delay: 1000 },
  login: { inFlight: 32, delay: 500, hashWait: 1500 },
  new: { inFlight: 32, delay: 250, hashWait: 1500 },
  retryAfter: { least: 3, most: 10 },
} as const
