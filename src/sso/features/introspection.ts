import type { Feature } from './feature.ts'

/** RFC 7662, 4: told to whom it was given and for whom it is meant; to others no token is active. */
export const introspection: Feature<'introspection'> = {
  allowedPolicy: (_ctx, { clientId }, token) =>
    token.clientId === clientId || audiencesOf(token).includes(clientId),
}

const audiencesOf = (token: object): readonly unknown[] =>
  'aud' in token ? [token.aud].flat() : []
