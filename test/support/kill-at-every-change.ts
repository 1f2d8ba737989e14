import type { KillablePlatform } from './killable-platform.ts'

export type KillScenario<Scene> = {
  /** Runs on a living process. */
  readonly setUp: () => Promise<Scene>
  /** Is interrupted. */
  readonly act: (scene: Scene) => Promise<unknown>
  /** Runs on a process that was started after the interruption. */
  readonly check: (scene: Scene, moment: string) => Promise<void>
  /** From when on the messages are counted (`killAt`). */
  readonly from?: 'bank' | 'now'
  /** The first moment that the short run tries, after the one before anything is sent. */
  readonly first: 1 | 2 | 3
}

/** `npm run faults` tries every moment; the short run of `npm test` tries every third. */
const stride = process.env['KILLS'] === 'all' ? 1 : 3

/** So many scenes are set up in a row: a process that was just started takes ten times as long for its first. */
const scenesAtOnce = 8

/**
 * Repeats a scenario and kills the process at a later change of a store each time, until the scenario completes: first
 * before anything is sent, then after the first change has arrived, and so on. Returns the number of the first moment
 * that was past the end.
 *
 * Walks through the same code begin at different moments, so that the short run tries each place of that code in one of them.
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
    else if (!answered) throw new Error(`no answer although nobody was killed, ${n} changes on`)
    await check(scene, `${n} changes on`)
    if (answered) return n
  }
}
