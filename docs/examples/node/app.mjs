// A client with openid-client. Settings: ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SCOPE.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oidc from 'openid-client'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT = '8080', SCOPE = 'openid profile' } = process.env
const base = `http://localhost:${PORT}`
const platform = await oidc.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined, {
  // For development only: in production the platform uses https.
  execute: ISSUER.startsWith('http:') ? [oidc.allowInsecureRequests] : [],
})
const keys = createRemoteJWKSet(new URL(platform.serverMetadata().jwks_uri))

// Pending logins, sessions, and the logout tokens that were received. Several processes need a database instead.
const [onTheWay, signedIn, seen] = [new Map(), new Map(), new Set()]

const routes = {
  'GET /': ({ who }) => [200, page(who)],

  async 'GET /login'() {
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()]
    onTheWay.set(state, { nonce, verifier })
    const address = oidc.buildAuthorizationUrl(platform, {
      redirect_uri: `${base}/callback`,
      scope: SCOPE,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      // Refresh tokens need the person's consent each time (OpenID Connect Core, 11).
      ...(SCOPE.includes('offline_access') && { prompt: 'consent' }),
    })
    // The cookie binds the answer to this browser.
    return [303, '', { location: address.href, 'set-cookie': cookie('state', state) }]
  },

  async 'GET /callback'({ url, cookies }) {
    const kept = onTheWay.get(cookies.state)
    onTheWay.delete(cookies.state)
    if (!kept) return [400, '登录没有完成：state']
    // Checks state, iss, verifier, then the ID token: iss, aud, exp, nonce.
    const tokens = await oidc.authorizationCodeGrant(platform, url, {
      expectedState: cookies.state,
      expectedNonce: kept.nonce,
      pkceCodeVerifier: kept.verifier,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    const userinfo = await oidc.fetchUserInfo(platform, tokens.access_token, claims.sub)
    const id = randomUUID()
    signedIn.set(id, { tokens, claims, userinfo })
    return [303, '', { location: '/', 'set-cookie': cookie('session', id) }]
  },

  async 'POST /refresh'({ who }) {
    if (!who) return [401, '']
    // The refresh token of a client with a secret stays the same; the answer repeats it.
    const tokens = await oidc.refreshTokenGrant(platform, who.tokens.refresh_token)
    Object.assign(who.tokens, tokens)
    who.userinfo = await oidc.fetchUserInfo(platform, tokens.access_token, who.claims.sub)
    return [303, '', { location: '/' }]
  },

  'POST /logout'({ who, cookies }) {
    signedIn.delete(cookies.session)
    if (!who) return [303, '', { location: '/' }]
    const address = oidc.buildEndSessionUrl(platform, {
      id_token_hint: who.tokens.id_token,
      post_logout_redirect_uri: `${base}/`,
    })
    return [303, '', { location: address.href }]
  },

  /** The platform reports that a person signed out elsewhere (Back-Channel Logout 1.0, 2.6). */
  async 'POST /backchannel-logout'({ form }) {
    const { payload } = await jwtVerify(form.get('logout_token') ?? '', keys, {
      issuer: ISSUER,
      audience: CLIENT_ID,
      typ: 'logout+jwt',
      maxTokenAge: 120,
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
    })
    const { events, nonce, jti, sub, sid } = payload
    const happened = events['http://schemas.openid.net/event/backchannel-logout']
    if (!happened || nonce !== undefined || seen.has(jti) || !(sub || sid)) return [400, '']
    seen.add(jti)
    for (const [id, { claims }] of signedIn)
      if ((sub ?? claims.sub) === claims.sub && (sid ?? claims.sid) === claims.sid) signedIn.delete(id)
    return [200, '']
  },
}

createServer(async (request, response) => {
  const url = new URL(request.url, base)
  const cookies = cookiesOf(request.headers.cookie)
  const form = new URLSearchParams(request.method === 'POST' ? await text(request) : '')
  const route = routes[`${request.method} ${url.pathname}`] ?? (() => [404, ''])
  const answer = async () => route({ url, form, cookies, who: signedIn.get(cookies.session) })
  // Only the code of an error is logged: its message may contain tokens.
  const failed = (error) => [400, `登录没有完成：${error.error ?? error.code ?? error.name}`]
  const [status, body, headers] = await answer().catch(failed)
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body)
}).listen(Number(PORT), '127.0.0.1')

function page(who) {
  const escaped = (word = '') => word.replace(/[<&]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return `<!doctype html><html lang="zh-CN"><title>示例业务系统</title><h1>示例业务系统</h1>${
    who
      ? `<p id="name">${escaped(who.userinfo.name)}</p><p id="sub">${escaped(who.userinfo.sub)}</p>
         <form method="post" action="/logout"><button>退出登录</button></form>`
      : '<p><a href="/login">登录</a></p>'
  }`
}

function cookie(name, value) {
  return `node_${PORT}_${name}=${value}; Path=/; HttpOnly; SameSite=Lax`
}

function cookiesOf(header = '') {
  const own = header.split('; ').filter((pair) => pair.startsWith(`node_${PORT}_`))
  return Object.fromEntries(own.map((pair) => pair.slice(`node_${PORT}_`.length).split('=')))
}
