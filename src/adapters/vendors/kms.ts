import type { WrappedKey } from '../../ports/services/key-provider.ts'

/**
 * The outcome of one call to a KMS. `refused`: it answered and will not do it, with its code. `unavailable`: it did not
 * answer, answered with a fault of its own, or asked for fewer calls; the call can be repeated.
 */
export type KmsOutcome<Result> =
  | { readonly result: Result }
  | { readonly refused: string }
  | { readonly unavailable: string }

/** The two calls of a KMS. Encrypting and decrypting the same bytes again is harmless. */
export type Kms = {
  readonly encrypt: (plain: Buffer, context: string) => Promise<KmsOutcome<WrappedKey>>
  readonly decrypt: (wrapped: string, context: string) => Promise<KmsOutcome<Buffer>>
}

/** Both vendors authenticate a JSON object of strings with the bytes, and require it again to decrypt them. */
const encryptionContext = (context: string) => JSON.stringify({ context })

/** The parameters of Encrypt, which are the same at both vendors. */
export const encryptParams = (keyId: string, plain: Buffer, context: string) => ({
  KeyId: keyId,
  Plaintext: plain.toString('base64'),
  EncryptionContext: encryptionContext(context),
})

/** The parameters of Decrypt. The ciphertext names its key. */
export const decryptParams = (wrapped: string, context: string) => ({
  CiphertextBlob: wrapped,
  EncryptionContext: encryptionContext(context),
})

/** @param unavailable matches the codes after which the call may be repeated */
export const kmsProblem = (
  code: string | undefined,
  unavailable: RegExp,
): { readonly refused: string } | { readonly unavailable: string } => {
  if (code === undefined) return { unavailable: 'no answer' }
  // Only a value that looks like a code goes on, into the log and to the console.
  const word = /^[A-Za-z][\w.-]{0,79}$/.test(code) ? code : 'unreadable'
  return unavailable.test(code) ? { unavailable: word } : { refused: word }
}
