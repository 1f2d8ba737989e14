import type { HintedModel } from '../../../ports/sso/oidc-storage.ts'
import type { Encryption } from '../../crypto/encryption.ts'

/** Where the records of an id's account and session are: the blind indexes of both. */
export type IdHint = { readonly owner?: string | undefined; readonly session?: string | undefined }

/** The beginnings of the ids, which tell the model. Ids of an earlier version, and those of other models, have none. */
const beginnings = {
  AccessToken: 'at_',
  AuthorizationCode: 'ac_',
  ClientCredentials: 'cc_',
  RefreshToken: 'rt_',
  Session: 'se_',
} as const satisfies Readonly<Record<HintedModel, string>>

/** The characters of 32 bytes in base64url: of a blind index, and of the random part of an id. */
const length = 43

/**
 * Ids that tell their model and, to us alone, where to find what a request with them needs, so that it is read in one
 * round trip (decision 0244). An id is `at_`, two blind indexes that are masked by keyed digests of the random part, and
 * the random part. The masks differ from id to id, so that two clients cannot compare whom their tokens belong to. A hint
 * proves nothing: what an id is valid for stands in its record alone.
 */
export function hintedIds({ blindIndex }: Pick<Encryption, 'blindIndex'>) {
  const masked = (part: 'owner' | 'session', random: string, value = Buffer.alloc(32)) => {
    const mask = Buffer.from(blindIndex(`oidc.hint.${part}`, random), 'base64url')
    return mask.map((byte, at) => byte ^ (value[at] ?? 0))
  }
  const bytesOf = (index: string | undefined) => index && Buffer.from(index, 'base64url')
  const encoded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

  return {
    /** @param random the id that oidc-provider would have used */
    make(model: HintedModel, random: string, { owner, session }: IdHint): string {
      if (!owner && !session) return beginnings[model] + random
      const hint = [
        encoded(masked('owner', random, bytesOf(owner) || undefined)),
        encoded(masked('session', random, bytesOf(session) || undefined)),
      ]
      return beginnings[model] + hint.join('') + random
    },
    hintOf(id: string): IdHint {
      if (!modelOf(id) || id.length !== 3 + 3 * length) return {}
      const [owner = '', session = '', random = ''] = [0, 1, 2].map((part) =>
        id.slice(3 + part * length, 3 + (part + 1) * length),
      )
      const unmasked = (part: 'owner' | 'session', text: string) => {
        const value = masked(part, random, Buffer.from(text, 'base64url'))
        return value.some((byte) => byte !== 0) ? encoded(value) : undefined
      }
      return { owner: unmasked('owner', owner), session: unmasked('session', session) }
    },
  }
}

/** The model of an id, if the id tells it. */
export const modelOf = (id: string): HintedModel | undefined =>
  id.length > length
    ? (Object.keys(beginnings) as HintedModel[]).find((model) => id.startsWith(beginnings[model]))
    : undefined
