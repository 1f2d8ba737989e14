/**
 * Work that goes on after the page was answered, so that nobody can tell from the time whether there was any. Promises:
 * - it begins once the answer has left and the page that it leads to was fetched, after a while drawn by chance
 *   (`policy.later`), never rejects into the present turn, and a failure is logged by its name alone;
 * - a process that is told to stop waits for it. One that dies loses it: nothing may go this way that has to happen.
 */
export type Later = (what: string, work: () => Promise<void>) => void
