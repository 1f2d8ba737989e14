import { once } from 'node:events'
import { connect } from 'node:tls'
import type { Environment } from '../../../config/environment/settings.ts'
import { type Check, check, connectionProblem } from './check.ts'

type IssuerSettings = Pick<Environment, 'ISSUER' | 'TRUST_PROXY'>

/** Milliseconds. */
const patience = 5000
const day = 24 * 3600 * 1000

/** A renewal of certificates has so many days to be noticed as broken. */
const soon = 14

/** Looks at the platform as a client does, through the proxy that stands before it. */
export async function issuerChecks(env: IssuerSettings): Promise<readonly Check[]> {
  const home = ask(`${env.ISSUER}/`)
  // The checks that wait for it report its error.
  home.catch(() => {})
  const checks = [await check('issuer', () => issuerProblems(env))]
  if (env.ISSUER.startsWith('https:'))
    checks.push(
      await check('TLS', () => certificateProblems(new URL(env.ISSUER))),
      await check('HSTS', async () => hstsProblems(await home)),
    )
  return [...checks, await check('proxy headers', async () => proxyProblems(await home, env))]
}

const ask = (url: string) =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patience) })

async function issuerProblems({ ISSUER }: IssuerSettings): Promise<readonly string[]> {
  const url = `${ISSUER}/.well-known/openid-configuration`
  let response: Response
  try {
    response = await ask(url)
  } catch (error) {
    return [
      `${url} does not answer (${connectionProblem(error)}): start the platform, or correct ISSUER, its name in the DNS or the proxy`,
    ]
  }
  if (response.status !== 200)
    return [`${url} answers ${response.status}: send this path of the proxy to the platform`]
  const { issuer } = (await response.json()) as { issuer?: unknown }
  return issuer === ISSUER
    ? []
    : [`the platform names itself ${issuer}: give it and this command the same ISSUER`]
}

/** The certificate, also one that is not trusted, so that its name and end can be said. */
async function certificateProblems({ hostname, port }: URL): Promise<readonly string[]> {
  const socket = connect({
    ...{ host: hostname, port: Number(port || 443), servername: hostname },
    rejectUnauthorized: false,
    timeout: patience,
  })
  socket.on('timeout', () => socket.destroy(new Error('no answer in time')))
  try {
    await once(socket, 'secureConnect')
    if (!socket.authorized)
      return [`browsers do not trust the certificate (${socket.authorizationError}): replace it`]
    const end = Date.parse(socket.getPeerCertificate().valid_to)
    const left = Math.floor((end - Date.now()) / day)
    return left < soon
      ? [`the certificate ends ${new Date(end).toISOString().slice(0, 10)}: renew it`]
      : []
  } finally {
    socket.destroy()
  }
}

function hstsProblems({ headers }: Response): readonly string[] {
  return headers.get('strict-transport-security')
    ? []
    : ['Strict-Transport-Security is missing: the proxy must pass on the headers of the platform']
}

function proxyProblems(
  { status, headers }: Response,
  { ISSUER, TRUST_PROXY }: IssuerSettings,
): readonly string[] {
  const target = headers.get('location')
  const problems = []
  if (target && new URL(target, ISSUER).href === new URL('/', ISSUER).href)
    problems.push(`${ISSUER}/ answers ${status} to itself: the proxy must pass on the Host header`)
  // The platform speaks no TLS, so that a proxy stands before an issuer with https.
  if (ISSUER.startsWith('https:') && TRUST_PROXY === 0)
    problems.push(
      'TRUST_PROXY is 0, so that everybody has the address of the proxy and shares its limits: set the number of proxies',
    )
  return problems
}
