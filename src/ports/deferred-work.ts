/**
 * Runs work after the response, so that the response time does not disclose whether there was any. Promises:
 * - the work starts after a random delay (`policy.deferredWork`), by which time the browser has usually received the
 *   response and the page that it redirects to; a failure rejects nothing and is logged by the name of the error alone;
 * - a process that shuts down waits for the work. A process that dies loses it: work that must happen is a `Task`.
 */
export type DeferWork = (name: string, work: () => Promise<void>) => void
