// passport-openidconnect 0.1. Settings: ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SESSION_SECRET.
// It has no PKCE: the client's metadata contain `require_pkce: false`, and the nonce is used instead.
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import Strategy from 'passport-openidconnect'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SESSION_SECRET } = process.env
const base = `http://localhost:${PORT}`
const platform = await (await fetch(`${ISSUER}/.well-known/openid-configuration`)).json()

passport.use(
  'platform',
  new Strategy(
    {
      issuer: ISSUER,
      authorizationURL: platform.authorization_endpoint,
      tokenURL: platform.token_endpoint,
      userInfoURL: platform.userinfo_endpoint,
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      callbackURL: `${base}/callback`,
      // The name comes from userinfo, not from the ID token. There is no email claim.
      skipUserProfile: false,
      // `openid` is added by the library.
      scope: 'profile offline_access',
      // offline_access takes effect only where the person is asked (OpenID Connect Core 1.0, 11).
      prompt: 'consent',
      nonce: true,
    },
    (_issuer, profile, _context, idToken, _accessToken, refreshToken, done) =>
      done(null, { id: profile.id, name: profile.displayName, idToken, refreshToken }),
  ),
)
passport.serializeUser((user, done) => done(null, user))
passport.deserializeUser((user, done) => done(null, user))

const app = express()
app.use(session({ secret: SESSION_SECRET, resave: false, saveUninitialized: false }))
app.use(passport.session())
app.get('/', ({ user }, res) => res.send(user ? `<p id="name">${escaped(user.name)}</p>` : '<a href="/login">登录</a>'))
app.get('/login', passport.authenticate('platform'))
app.get('/callback', passport.authenticate('platform', { successRedirect: '/', failureRedirect: '/' }))
/** The library leaves refreshing to the application. The refresh token stays the same. */
app.get('/refresh', async ({ user }, res) => {
  const response = await fetch(platform.token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${encodeURIComponent(CLIENT_ID)}:${encodeURIComponent(CLIENT_SECRET)}`)}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: user.refreshToken }),
  })
  res.sendStatus(response.status)
})
app.get('/logout', (req, res) => {
  const params = { id_token_hint: req.user?.idToken ?? '', client_id: CLIENT_ID, post_logout_redirect_uri: `${base}/` }
  req.logout(() => res.redirect(`${platform.end_session_endpoint}?${new URLSearchParams(params)}`))
})
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
app.listen(PORT, '127.0.0.1')
