import { createHmac } from 'node:crypto'
import { usernameKey } from '../../people/fields/username.ts'
import type { Passkey } from '../../people/operator.ts'
import { requestOptions } from '../factors/passkeys.ts'
import type { OperatorSignInPorts, PendingSignIn } from './operator-sign-in-ports.ts'

/**
 * The options of the button 使用通行密钥. While a name rests, a name without passkeys gets an invented one, so that the
 * page does not tell whether an operator of this name exists.
 */
export async function passkeyForm(
  { username, challenge }: Pick<PendingSignIn, 'username' | 'challenge'>,
  {
    operators,
    passkeyParty,
    secret,
  }: Pick<OperatorSignInPorts, 'operators' | 'passkeyParty' | 'secret'>,
) {
  const passkeys = (await operators.findByUsername(username))?.credentials?.passkeys ?? []
  const shown = passkeys.length ? passkeys : [inventedPasskey(username, secret)]
  return JSON.stringify(await requestOptions(passkeyParty, shown, challenge))
}

const inventedPasskey = (username: string, secret: string): Passkey => ({
  id: createHmac('sha256', secret)
    .update(`passkey ${usernameKey(username)}`)
    .digest('base64url'),
  publicKey: '',
  counter: 0,
})
