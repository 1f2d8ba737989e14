import { createPrivateKey } from 'node:crypto'
import { generated, type NewKey } from '../../src/adapters/mongo/signing-keys-mongo.ts'

/**
 * The first RSA keys are those of the run (global-setup.mjs), since making one takes a fifth of a second; every later
 * one is new.
 */
export function testKeys(): NewKey {
  const shared = new Map<string, string>(
    Object.entries(JSON.parse(process.env['TEST_RSA_KEYS'] ?? '{}')),
  )
  return async (alg) => {
    const pem = shared.get(alg)
    if (!pem) return generated(alg)
    shared.delete(alg)
    return createPrivateKey(pem)
  }
}
