// A receiver of events that polls (RFC 8936). Settings: ISSUER, CLIENT_ID, CLIENT_SECRET.
import { createRemoteJWKSet, jwtVerify } from 'jose'

const { ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env
// With a path in ISSUER the path stands behind: /.well-known/ssf-configuration/path
const transmitter = await (await fetch(new URL('/.well-known/ssf-configuration', ISSUER))).json()
const keys = createRemoteJWKSet(new URL(transmitter.jwks_uri))
let token = ''

/** Calls the platform. An access token lasts for ten minutes, so a new one is requested when it is refused. */
async function call(method, address, body, again = true) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(address, { method, headers, body: body && JSON.stringify(body) })
  if (response.status !== 401 || !again) return response
  const answer = await fetch(`${ISSUER}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${CLIENT_ID}:${CLIENT_SECRET}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'ssf.manage' }),
  })
  token = (await answer.json()).access_token
  return call(method, address, body, false)
}

// A client has one stream: 409 means that it exists.
await call('POST', transmitter.configuration_endpoint, { delivery: { method: 'urn:ietf:rfc:8936' } })
const [stream] = await (await call('GET', transmitter.configuration_endpoint)).json()
console.log('stream', stream.stream_id)

for (let ack = []; ; ) {
  // The answer comes as soon as there is an event, after five seconds at the latest.
  const response = await call('POST', stream.delivery.endpoint_url, { ack })
  if (!response.ok) throw new Error(`${response.status}`)
  const { sets } = await response.json()
  for (const set of Object.values(sets)) {
    const { payload } = await jwtVerify(set, keys, {
      issuer: ISSUER,
      audience: CLIENT_ID,
      algorithms: ['RS256'],
      typ: 'secevent+jwt',
    })
    const [[type, claims]] = Object.entries(payload.events)
    // Act here, e.g. end the local sessions of `sub`. An event can come twice: `payload.jti` tells.
    console.log(type.split('/').at(-1), payload.sub_id.sub, JSON.stringify(claims))
  }
  ack = Object.keys(sets)
}
