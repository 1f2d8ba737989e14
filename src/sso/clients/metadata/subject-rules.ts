import type { MetadataRule } from './unchecked-metadata.ts'

/** A pairwise subject is the same for all redirect URIs of one sector (OpenID Connect Core 1.0, 8.1). */
export const subjectRules: readonly MetadataRule[] = [
  ({ subject_type, sector_identifier_uri, redirect_uris }) =>
    subject_type === 'pairwise' &&
    sector_identifier_uri === undefined &&
    redirectHostsOf(redirect_uris).size > 1 && ['sector_identifier_uri', 'metadata.sector'],
]

const redirectHostsOf = (addresses: unknown): ReadonlySet<string> =>
  new Set([addresses].flat().flatMap((address) => URL.parse(String(address))?.host ?? []))
