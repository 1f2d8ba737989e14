import { randomInt } from 'node:crypto'
import { freePort } from '../../sandbox/ports.mjs'

/** Below the ports that the system gives out by itself. */
let next = randomInt(12_000, 31_000)

/**
 * A free port of 127.0.0.1 for a server that listens later, or is away for a while: another test gets it by no chance,
 * as it may one that the system gave.
 */
export const ownPort = (): Promise<number> => freePort(next++)
