import { randomBytes } from 'node:crypto'
import { type Sealing, sealing } from '../../src/adapters/crypto/encryption.ts'

/** Sealing under keys that nobody keeps. */
export const testEncryption = (): Sealing =>
  sealing([{ version: '1', key: randomBytes(32) }], randomBytes(32))
