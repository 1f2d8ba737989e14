import * as z from 'zod'
import { clientMetadataSchema } from '../../../config/client-metadata.ts'
import { reasonValue } from './values.ts'

const { client_id, client_secret: _, ...others } = clientMetadataSchema.shape

/** A default belongs to a new client as a whole, not to each body: `ManagedClients` applies it. */
const withoutDefault = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType) : schema

const optional = (name: string, schema: z.ZodType, make: (schema: z.ZodType) => z.ZodType) =>
  [name, make(withoutDefault(schema))] as const

const metadata = (make: (schema: z.ZodType) => z.ZodType) => ({
  client_id: client_id.optional(),
  ...Object.fromEntries(
    Object.entries<z.ZodType>(others).map(([name, schema]) => optional(name, schema, make)),
  ),
})

/** The metadata of RFC 7591 and our own, with 事由. */
export const newClientBody = z.strictObject({
  ...metadata((schema) => schema.optional()),
  reason: reasonValue,
})

/** Null removes a name. */
export const changedClientBody = z.strictObject({
  ...metadata((schema) => schema.nullish()),
  reason: reasonValue,
})

/** A client in answers. A secret is in none but that of the call which makes it. */
export const clientAnswer = z.looseObject({
  client_id: z.string(),
  client_secret: z.string().optional(),
  owner: z.enum(['file', 'command', 'registration']).meta({
    description: '`file`: the clients file; `registration`: it registered itself (RFC 7591).',
  }),
  disabled: z.boolean(),
})
