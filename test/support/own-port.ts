import { randomInt } from 'node:crypto'
import { freePort } from '../../sandbox/ports.mjs'

/** Each worker of jest has a range of its own, below the ephemeral ports of the operating system. */
const size = 4000
const worker = (Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % 4
let next = 12_000 + worker * size + randomInt(size / 2)

/**
 * Returns a free port of 127.0.0.1 for a server that listens later or stops for a while. An ephemeral port would not
 * do, since the system could give it to another test meanwhile.
 */
export const ownPort = (): Promise<number> => freePort(next++)
