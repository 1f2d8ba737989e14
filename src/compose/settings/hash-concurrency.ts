import { availableParallelism } from 'node:os'

/** The threads that libuv starts unless UV_THREADPOOL_SIZE says otherwise. */
const usualThreads = 4
/** A hash takes 19 MiB while it is computed, so that this bounds the memory of a process. */
const most = 16

/** So many hashes at a time does each of so many processes compute, so that together they use every core. */
const share = (processes: number): number =>
  Math.min(Math.ceil(availableParallelism() / processes), most)

/** The share of this process, less where libuv has too few threads: one stays free for name look-ups and files. */
export const hashConcurrency = (processes: number, threads = threadsOf(process.env)): number =>
  Math.max(1, Math.min(share(processes), threads - 1))

const threadsOf = ({ UV_THREADPOOL_SIZE: size }: NodeJS.ProcessEnv): number =>
  Number(size) || usualThreads

/**
 * The environment of a worker that has enough threads for its share. libuv reads it when a process starts, so a process
 * cannot give it to itself.
 */
export const threadsForHashing = (processes: number): { readonly UV_THREADPOOL_SIZE: string } => ({
  UV_THREADPOOL_SIZE: String(Math.max(threadsOf(process.env), share(processes) + 1)),
})
