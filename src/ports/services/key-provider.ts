/** A data key that a key-encryption key has encrypted, as MongoDB stores it. */
export type WrappedKey = {
  /** Names the key-encryption key: the version of `DATA_KEYS`, or the id that a KMS gives to its key. */
  readonly keyVersion: string
  /** Printable text that only the provider reads. */
  readonly wrapped: string
}

/** The provider has no key-encryption key of this version, or another one. The message names what to give back. */
export class WrappingKeyMissing extends Error {
  override readonly name = 'WrappingKeyMissing'
}

/**
 * The key-encryption keys, which wrap the data keys in MongoDB: those of `DATA_KEYS`, or those of a KMS. A process asks
 * only when it starts, when a new data key appears, and in `npm run data-keys`. Promises:
 * - `wrap` uses the newest key; `unwrap` knows every key that the provider still has;
 * - `context` (at most 100 characters of ASCII, nothing personal) is authenticated: a wrapped key that was moved to
 *   another record is not unwrapped;
 * - `unwrap` rejects with `WrappingKeyMissing` if the key was wrapped by a key that is not there, or in another context;
 *   both reject with `Outage` if a service does not answer.
 */
export interface KeyProvider {
  /** Stored beside each wrapped key, so that two providers can be used while keys move from one to the other. */
  readonly name: 'env' | 'aliyun-kms' | 'tencent-kms'
  /** @param plain 32 bytes */
  wrap(plain: Buffer, context: string): Promise<WrappedKey>
  unwrap(key: WrappedKey, context: string): Promise<Buffer>
}
