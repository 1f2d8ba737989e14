import type { ManagedKey, ManagedKeys } from '../../ports/operators/managed-keys.ts'
import type { Deed } from '../access/record-deeds.ts'

/** 立即轮换. Undefined if somebody else rotated the algorithm at the same time. */
export const rotateKey = async (
  alg: ManagedKey['alg'],
  reason: string,
  by: 'console' | 'api',
  managedKeys: Pick<ManagedKeys, 'rotate'>,
): Promise<Deed | undefined> =>
  (await managedKeys.rotate(alg))
    ? { what: 'key-rotated', target: alg, detail: by, reason }
    : undefined
