// express-openid-connect 3. Settings: ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SESSION_SECRET (32 random characters).
import express from 'express'
import openid from 'express-openid-connect'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SESSION_SECRET } = process.env

const app = express()
app.use(
  openid.auth({
    issuerBaseURL: ISSUER,
    baseURL: `http://localhost:${PORT}`,
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    secret: SESSION_SECRET,
    clientAuthMethod: 'client_secret_basic',
    // The code flow: PKCE, state and nonce follow from it.
    authorizationParams: {
      response_type: 'code',
      scope: 'openid profile offline_access',
      // offline_access takes effect only where the person is asked (OpenID Connect Core 1.0, 11).
      prompt: 'consent',
    },
    authRequired: false,
    // /logout signs out at the platform as well.
    idpLogout: true,
    // With the slash, as registered; the default is the origin without it.
    routes: { postLogoutRedirect: '/' },
  }),
)
app.get('/', async (req, res) => {
  if (!req.oidc.isAuthenticated()) return res.send('<a href="/login">登录</a>')
  // One minute early, so that no token expires during a request.
  if (req.oidc.accessToken.expires_in < 60) await req.oidc.accessToken.refresh()
  // The name comes from userinfo, not from the ID token. There is no email claim.
  const { name } = await req.oidc.fetchUserInfo()
  res.send(`<p id="name">${name.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</p>`)
})
app.listen(PORT, '127.0.0.1')
