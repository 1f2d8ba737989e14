import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { Operator, Passkey } from '../../people/operator.ts'

/** The relying party of WebAuthn: the operators' origin. */
export type PasskeyParty = { readonly origin: string; readonly name: string }

const idOf = ({ origin }: PasskeyParty) => new URL(origin).hostname

/** The options of `navigator.credentials.create`. The authenticator has to verify the user by PIN or biometrics. */
export const creationOptions = (
  party: PasskeyParty,
  { id, username, name }: Pick<Operator, 'id' | 'username' | 'name'>,
  challenge: string,
) =>
  generateRegistrationOptions({
    challenge: bytesOf(challenge),
    rpName: party.name,
    rpID: idOf(party),
    userID: new Uint8Array(Buffer.from(id)),
    userName: username,
    userDisplayName: name,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
  })

/** The options of `navigator.credentials.get`. */
export const requestOptions = (
  party: PasskeyParty,
  passkeys: readonly Passkey[],
  challenge: string,
) =>
  generateAuthenticationOptions({
    challenge: bytesOf(challenge),
    rpID: idOf(party),
    userVerification: 'required',
    allowCredentials: passkeys.map(({ id, transports }) => ({
      id,
      ...(transports && { transports: [...transports] }),
    })),
  })

/** The passkey that a browser has created; undefined if the answer is not valid. */
export async function createdPasskey(
  party: PasskeyParty,
  answer: string | undefined,
  challenge: string,
): Promise<Passkey | undefined> {
  const response = parsed<RegistrationResponseJSON>(answer)
  const verified = await orUndefined(
    response &&
      verifyRegistrationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: party.origin,
        expectedRPID: idOf(party),
        requireUserVerification: true,
      }),
  )
  if (!verified?.verified) return undefined
  const { id, publicKey, counter, transports } = verified.registrationInfo.credential
  const key = Buffer.from(publicKey).toString('base64url')
  return { id, publicKey: key, counter, ...(transports && { transports }) }
}

/** The passkey that signed the challenge, with its new counter; undefined if the answer is not valid. */
export async function usedPasskey(
  party: PasskeyParty,
  answer: string | undefined,
  challenge: string,
  passkeys: readonly Passkey[],
): Promise<{ readonly passkey: Passkey; readonly counter: number } | undefined> {
  const response = parsed<AuthenticationResponseJSON>(answer)
  const passkey = passkeys.find(({ id }) => id === response?.id)
  const verified = await orUndefined(
    response &&
      passkey &&
      verifyAuthenticationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: party.origin,
        expectedRPID: idOf(party),
        credential: {
          id: passkey.id,
          publicKey: bytesOf(passkey.publicKey),
          counter: passkey.counter,
        },
        requireUserVerification: true,
      }),
  )
  if (!passkey || !verified?.verified) return undefined
  return { passkey, counter: verified.authenticationInfo.newCounter }
}

const bytesOf = (base64url: string) => new Uint8Array(Buffer.from(base64url, 'base64url'))

/** A malformed answer is a wrong one. */
function parsed<T extends object>(answer: string | undefined): T | undefined {
  try {
    const value: unknown = JSON.parse(answer ?? '')
    return typeof value === 'object' && value !== null ? (value as T) : undefined
  } catch {
    return undefined
  }
}

/** The library throws for an answer that it cannot verify. */
async function orUndefined<T>(work: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await work
  } catch {
    return undefined
  }
}
