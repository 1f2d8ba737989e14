import type { KillablePlatform } from './killable-platform.ts'

export type KillScenario<Scene> = {
  /** Runs before the process is killed. */
  readonly setUp: () => Promise<Scene>
  /** Is interrupted when the process is killed. */
  readonly act: (scene: Scene) => Promise<unknown>
  /** Runs on a process that was started after the interruption. */
  readonly check: (scene: Scene, moment: string) => Promise<void>
  /** When the counting of changes begins (`killAt`). */
  readonly from?: 'bank' | 'now'
  /** The first change at which the short run kills the process, after the run that kills it before anything is sent. */
  readonly first: 1 | 2 | 3
}

/** `npm run faults` kills at every change; the short run of `npm test` kills at every third. */
const stride = process.env['KILLS'] === 'all' ? 1 : 3

/** How many scenes are set up in a row. A process that was just started takes ten times as long for the first one. */
const scenesAtOnce = 8

/**
 * Repeats a scenario and kills the process at a later change of a store each time, until the scenario completes: first
 * before anything is sent, then after the first change has arrived, and so on. Returns the number of the change that the
 * scenario did not reach.
 *
 * Scenarios of the same code begin at different changes, so that the short runs together kill at each change of that code.
 */
export async function killAtEveryChange<Scene>(
  platform: KillablePlatform,
  { setUp, act, check, from = 'bank', first }: KillScenario<Scene>,
): Promise<number> {
  const scenes: Scene[] = []
  for (let n = 0; ; n += n || stride === 1 ? stride : first) {
    if (!scenes.length)
      for (let each = 0; each < scenesAtOnce; each += 1) scenes.push(await setUp())
    const scene = scenes.shift() as Scene
    platform.killAt(n ? { n, fate: 'unanswered' } : { n: 1, fate: 'unsent' }, from)
    const answered = await act(scene).then(
      () => true,
      () => false,
    )
    const died = await platform.wasKilled()
    if (died) await platform.start()
    else if (!answered)
      throw new Error(`no answer although the process was not killed, ${n} changes on`)
    await check(scene, `${n} changes on`)
    if (answered) return n
  }
}
