import { createPrivateKey } from 'node:crypto'
import { generated, type NewKey } from '../../src/adapters/mongo/signing-keys-mongo.ts'

/**
 * Returns the RSA keys of the run (global-setup.mjs) first, since generating one takes a fifth of a second. Later keys
 * are new.
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
