import type { DurableEncryption } from '../crypto/encryption.ts'

/** The collection of a model. */
export const nameOf = (model: string): string => `oidc.${model}`

/** By which accounts the records of a model are looked up: they tell who uses which client, so a rotation replaces them. */
export const oidcLookups = (encryption: DurableEncryption) => ({
  accountOf: (model: string, accountId: string) =>
    encryption.lookupIndexes(`${nameOf(model)}.account`, accountId),
  accountAtClientOf: (model: string, accountId: string, clientId: string) =>
    encryption.lookupIndexes(`${nameOf(model)}.holder`, JSON.stringify([accountId, clientId])),
})
