import { randomBytes } from 'node:crypto'
import { type Sealing, sealing } from '../../src/adapters/crypto/encryption.ts'

/** Field-level encryption with random keys. */
export const testEncryption = (): Sealing =>
  sealing([{ version: '1', key: randomBytes(32) }], randomBytes(32))
