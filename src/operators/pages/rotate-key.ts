import { notRepeated } from '../../ports/idempotent-requests.ts'
import type { ManagedKey, ManagedKeys } from '../../ports/operators/managed-keys.ts'
import type { Deed } from '../access/record-deeds.ts'

/**
 * 立即轮换. Undefined if somebody else rotated the algorithm at the same time.
 * @param once of a request that may be repeated: it rotates the key that was in use at its first attempt
 */
export async function rotateKey(
  alg: ManagedKey['alg'],
  { reason, by }: { readonly reason: string; readonly by: 'console' | 'api' },
  managedKeys: Pick<ManagedKeys, 'list' | 'rotate'>,
  once = notRepeated,
): Promise<Deed | undefined> {
  const kidInUse = async () =>
    (await managedKeys.list()).find((key) => key.alg === alg && key.state === 'current')?.kid ?? ''
  const replaced = await once(kidInUse)
  if ((await kidInUse()) === replaced && !(await managedKeys.rotate(alg))) return undefined
  return { what: 'key-rotated', target: alg, detail: by, reason }
}
