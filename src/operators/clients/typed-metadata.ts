import type { GivenMetadata } from '../../ports/operators/managed-clients.ts'
import type { Typed } from '../../web/flow/flow-definition.ts'
import { type ClientField, clientFormFields } from './client-form.ts'

/**
 * The metadata of a submitted form. An empty field is null, which removes the metadata in a change. What cannot be read stays
 * text, and the rules of the metadata refuse it.
 */
export const typedMetadata = (typed: Typed): GivenMetadata =>
  Object.fromEntries(clientFormFields.map((field) => [field.name, metadataValue(field, typed)]))

function metadataValue({ name, kind }: ClientField, typed: Typed): unknown {
  const value = typed[name]?.trim() ?? ''
  if (value === '') return null
  if (kind === 'lines') return value.split(/\s*\n\s*/)
  if (kind === 'flag') return value === 'true' ? true : value === 'false' ? false : value
  if (kind === 'number') return /^\d+$/.test(value) ? Number(value) : value
  if (kind === 'json') return parsed(value)
  // Words are separated by one space.
  return name === 'scope' ? value.split(/[\s,，]+/).join(' ') : value
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** Metadata as the form shows them, for `typedMetadata` to read again. */
export const metadataInForm = (metadata: GivenMetadata): Readonly<Record<string, string>> =>
  Object.fromEntries(
    clientFormFields.flatMap(({ name }) => {
      const value = metadata[name]
      return value === undefined || value === null ? [] : [[name, metadataText(value)]]
    }),
  )

/** One value as text: a list with one entry a line. */
export const metadataText = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(String).join('\n')
    : typeof value === 'object'
      ? JSON.stringify(value, null, 2)
      : String(value)
