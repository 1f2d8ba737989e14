import { X509Certificate } from 'node:crypto'

/**
 * Parses a certificate that a proxy passes in a header: a percent-encoded PEM (nginx, Envoy), the bytes in base64
 * (HAProxy), or those between colons (RFC 9440). A header that appears twice is rejected: we cannot tell which value
 * the proxy wrote (RFC 9110, 5.3).
 */
export function parseCertificateHeader(header: string): X509Certificate | undefined {
  if (header.includes(',')) return undefined
  try {
    const text = header.startsWith('-----BEGIN') ? decodeURIComponent(header) : header
    const isPem = text.startsWith('-----BEGIN')
    return new X509Certificate(isPem ? text : Buffer.from(text.replaceAll(':', ''), 'base64'))
  } catch {
    return undefined
  }
}

/** The client metadata that names the subject of a certificate (RFC 8705, 2.1.2). */
export type SubjectName =
  | 'tls_client_auth_subject_dn'
  | 'tls_client_auth_san_dns'
  | 'tls_client_auth_san_uri'
  | 'tls_client_auth_san_ip'
  | 'tls_client_auth_san_email'

export function hasSubject(
  certificate: X509Certificate,
  name: SubjectName,
  expected: string,
): boolean {
  switch (name) {
    case 'tls_client_auth_subject_dn':
      return isSameName(certificate.subject, expected)
    case 'tls_client_auth_san_dns':
      return alternativesOf(certificate).includes(`DNS:${expected.toLowerCase()}`)
    case 'tls_client_auth_san_uri':
      return alternativesOf(certificate).includes(`URI:${expected}`)
    case 'tls_client_auth_san_ip':
      return certificate.checkIP(expected) !== undefined
    case 'tls_client_auth_san_email':
      return certificate.checkEmail(expected, { subject: 'never' }) !== undefined
  }
}

/** Node.js quotes a value that contains what could be the beginning of another one. */
const alternativesOf = ({ subjectAltName = '' }: X509Certificate): readonly string[] =>
  subjectAltName
    .split(', ')
    .map((entry) => (entry.startsWith('DNS:') ? `DNS:${entry.slice(4).toLowerCase()}` : entry))

/**
 * Node.js lists the parts of a name in the order of the certificate, one in each line; RFC 4514, 2.1, lists them in
 * reverse order in one line.
 */
function isSameName(subject: string, expected: string): boolean {
  const parts = subject.split('\n').map(normalizedPart)
  // A backslash belongs to the character after it, so a comma after two of them ends a part.
  const expectedParts = (expected.match(/(?:\\.|[^,\\])+/gs) ?? []).map(normalizedPart).toReversed()
  return JSON.stringify(parts) === JSON.stringify(expectedParts)
}

/** `O=Bureau\, Shenzhen` and `o=Bureau\2C Shenzhen` are the same part. Escaped bytes are UTF-8 (RFC 4514, 2.4). */
function normalizedPart(part: string): string {
  const [, type = '', value = ''] = /^\s*([^=]+?)\s*=\s*(.*)$/s.exec(part) ?? []
  const plain = value.replace(/((?:\\[0-9a-f]{2})+)|\\(.)/gis, (_, bytes, character) =>
    bytes ? Buffer.from(bytes.replaceAll('\\', ''), 'hex').toString() : character,
  )
  return `${type.toUpperCase()}=${plain}`
}
