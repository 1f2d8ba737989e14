import { randomBytes } from 'node:crypto'
import { type Encryption, fieldEncryption } from '../../src/adapters/crypto/encryption.ts'

/** Field-level encryption with random keys. */
export const testEncryption = (): Encryption =>
  fieldEncryption([{ version: '1', key: randomBytes(32) }], randomBytes(32))
