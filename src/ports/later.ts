/**
 * Work that goes on after the page was answered, so that nobody can tell from the time whether there was any. Promises:
 * - it begins after the present turn, never rejects into it, and a failure is logged by its name alone;
 * - a process that is told to stop waits for it. One that dies loses it: nothing may go this way that has to happen.
 */
export type Later = (what: string, work: () => Promise<void>) => void
