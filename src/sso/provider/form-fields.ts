import type { KoaContextWithOIDC } from 'oidc-provider'

export type FormFields = Readonly<Record<string, string | undefined>>

/** The fields of a form in the provider's own routes, one string each. */
export function formFieldsOf({ oidc }: KoaContextWithOIDC): FormFields {
  const fields = Object.entries(oidc.body ?? {})
  return Object.fromEntries(
    fields.filter((field): field is [string, string] => typeof field[1] === 'string'),
  )
}
