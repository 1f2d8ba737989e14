import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mongoose'
import { lateReaders, peppersInUse } from './key-readers.ts'
import type { KeyState } from './key-records.ts'
import { RotationStopped } from './renew-all.ts'

/** How long a process may take until it knows a phase, in ms: longer than a killed process counts as alive. */
const patience = 180_000

/** Resolves when every process knows the state and encrypts password hashes with this pepper. Throws `RotationStopped`. */
export async function everyProcess(
  connection: Connection,
  state: KeyState,
  pepper: string,
): Promise<void> {
  const began = performance.now()
  for (;;) {
    const late = await lateReaders(connection, state)
    if (!late && !otherPeppers(await peppersInUse(connection), pepper).length) return
    if (performance.now() - began > patience) {
      await refuseOtherPeppersInUse(connection, pepper)
      throw new RotationStopped(
        `${late} processes do not take the new data key: their log says why; give every process all keys, then repeat the command`,
      )
    }
    await sleep(500)
  }
}

/** Throws `RotationStopped` if processes encrypt password hashes with another pepper: the rotation would miss these hashes. */
export async function refuseOtherPeppersInUse(
  connection: Connection,
  pepper: string,
): Promise<void> {
  const others = otherPeppers(await peppersInUse(connection), pepper)
  if (others.length)
    throw new RotationStopped(
      others
        .map(
          ([version, count]) =>
            `${count} processes encrypt password hashes with ${pepperName(version)}: give all processes and this command ${pepperName(pepper)}, restart, then repeat the command (a process that was killed counts for 90 s)`,
        )
        .join('\n'),
    )
}

const otherPeppers = (used: ReadonlyMap<string, number>, pepper: string) =>
  [...used].filter(([version]) => version !== pepper)

/** Throws `RotationStopped` if the rotation has begun with another pepper: it would leave hashes with two of them. */
export function refuseOtherPepper({ pepper: begun }: KeyState, pepper: string): void {
  if (begun !== undefined && begun !== pepper)
    throw new RotationStopped(
      `this rotation began with ${pepperName(begun)}: give that one to all processes and to this command until it has ended, then rotate once more with ${pepperName(pepper)}`,
    )
}

const pepperName = (version: string): string =>
  version === 'derived' ? 'no PEPPER_KEYS' : `version ${version} first in PEPPER_KEYS`
