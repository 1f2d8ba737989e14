// Auth.js (@auth/express). Settings: ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, AUTH_SECRET (32 random characters).
import { ExpressAuth, getSession } from '@auth/express'
import express from 'express'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, AUTH_SECRET } = process.env
const base = `http://localhost:${PORT}`

const platform = {
  id: 'platform',
  name: '统一用户平台',
  type: 'oidc',
  issuer: ISSUER,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  checks: ['pkce', 'state', 'nonce'],
  // offline_access takes effect only where the person is asked (OpenID Connect Core 1.0, 11).
  authorization: { params: { scope: 'openid profile offline_access', prompt: 'consent' } },
  // The name comes from userinfo, not from the ID token. There is no email claim.
  idToken: false,
  profile: ({ sub, name }) => ({ id: sub, name }),
}

const config = {
  basePath: '/auth',
  secret: AUTH_SECRET,
  trustHost: true,
  providers: [platform],
  callbacks: {
    async jwt({ token, account }) {
      if (account) return { ...token, ...tokensOf(account), sub: account.providerAccountId }
      // One minute early, so that no token expires during a request.
      const isFresh = Date.now() < (token.expiresAt - 60) * 1000
      return isFresh ? token : { ...token, ...(await refreshed(token)) }
    },
    session: ({ session, token }) => ({ ...session, idToken: token.idToken, user: { id: token.sub, name: token.name } }),
  },
}

const tokensOf = ({ access_token, refresh_token, id_token, expires_at }) => ({
  accessToken: access_token,
  refreshToken: refresh_token,
  idToken: id_token,
  expiresAt: expires_at,
})

/** Auth.js leaves refreshing to the application. A refused refresh token ends the session. */
async function refreshed({ refreshToken, idToken }) {
  const { token_endpoint } = await metadata()
  const response = await fetch(token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${encodeURIComponent(CLIENT_ID)}:${encodeURIComponent(CLIENT_SECRET)}`)}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  })
  if (!response.ok) throw new Error((await response.json()).error)
  const tokens = await response.json()
  return tokensOf({
    refresh_token: refreshToken,
    id_token: idToken,
    ...tokens,
    expires_at: Math.floor(Date.now() / 1000) + tokens.expires_in,
  })
}

const metadata = async () => (await fetch(`${ISSUER}/.well-known/openid-configuration`)).json()

const app = express()
app.use('/auth', ExpressAuth(config))
app.get('/', async (req, res) => {
  const session = await getSession(req, config)
  res.send(session ? `<p id="name">${escaped(session.user.name)}</p>` : '<a href="/auth/signin/platform">登录</a>')
})
/** The link /auth/signout?callbackUrl=/signed-out ends the session here; this ends the sign-in at the platform too. */
app.get('/signed-out', async (_req, res) => {
  const { end_session_endpoint } = await metadata()
  res.redirect(`${end_session_endpoint}?${new URLSearchParams({ client_id: CLIENT_ID, post_logout_redirect_uri: `${base}/` })}`)
})
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
app.listen(PORT, '127.0.0.1')
