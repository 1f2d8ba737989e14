import { pollDelivery, pushDelivery } from '../../config/events.ts'
import { eventsPath } from './stream-refusal.ts'

/** The paths of the management endpoints. */
export const streamPaths = {
  configuration: `${eventsPath}streams`,
  status: `${eventsPath}status`,
  addSubject: `${eventsPath}subjects/add`,
  removeSubject: `${eventsPath}subjects/remove`,
  verification: `${eventsPath}verification`,
} as const

/** Transmitter Configuration Metadata (Shared Signals Framework 1.0, 7.1). */
export const transmitterMetadata = (issuer: string, jwksUri: string) => ({
  spec_version: '1_0',
  issuer,
  jwks_uri: jwksUri,
  delivery_methods_supported: [pushDelivery, pollDelivery],
  configuration_endpoint: `${issuer}${streamPaths.configuration}`,
  status_endpoint: `${issuer}${streamPaths.status}`,
  add_subject_endpoint: `${issuer}${streamPaths.addSubject}`,
  remove_subject_endpoint: `${issuer}${streamPaths.removeSubject}`,
  verification_endpoint: `${issuer}${streamPaths.verification}`,
  // OAuth 2.0 (2.3.7 of the CAEP Interoperability Profile 1.0).
  authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
  default_subjects: 'ALL',
})

/** The path of the metadata. The issuer has no path that would stand behind it (7.2.1). */
export const metadataPath = '/.well-known/ssf-configuration'
