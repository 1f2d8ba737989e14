/**
 * Events for clients, in seconds. `keep`: the time for which an event waits for a receiver that is down or paused. `batch`:
 * the events that are read at once; those of one subject are sent one after another. `turn`: the time after which a process
 * lets go of a stream, which is much shorter than `tasks.lease`. `pollWait`: the time that a poll waits for an event;
 * `pollLook`: the interval at which it looks. `requests`: those of a client that make us store something.
 * @param count scales a number (LIMITS_SCALE)
 */
export const eventLimits = (count: (n: number) => number) => ({
  keep: 7 * 24 * 3600,
  batch: 32,
  turn: 15,
  pollWait: 5,
  pollLook: 0.5,
  mostPolled: 100,
  requests: { count: count(300), window: 60 },
})
