import { randomInt } from 'node:crypto'
import { freePort } from '../../sandbox/ports.mjs'

/** The range lies below the ephemeral ports of the operating system. */
let next = randomInt(12_000, 31_000)

/**
 * Returns a free port of 127.0.0.1 for a server that listens later or stops for a while. An ephemeral port would not
 * do, since the system could give it to another test meanwhile.
 */
export const ownPort = (): Promise<number> => freePort(next++)
