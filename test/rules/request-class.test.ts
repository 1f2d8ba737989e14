import Keygrip from 'keygrip'
import { type RequestClass, requestClassOf } from '../../src/web/admission/request-class.ts'
import { sessionCookie } from '../../src/web/admission/session-cookie.ts'

/** Requests, their class without a session, and with one where it differs. */
const requests: readonly (readonly [string, RequestClass, RequestClass?])[] = [
  ['GET /health/ready', 'open'],
  ['GET /assets/style.css', 'open'],
  ['GET /.well-known/openid-configuration', 'open'],
  ['GET /jwks', 'open'],
  ['POST /ssf/poll/stream-1', 'open'],
  ['POST /token', 'token'],
  ['POST /TOKEN/', 'token'],
  ['POST /token/introspection', 'token'],
  ['OPTIONS /token/revocation', 'token'],
  ['GET /me', 'token'],
  ['POST /request', 'token'],
  ['POST /device/auth', 'token'],
  ['POST /api/terminal/v1/phone-changes', 'token'],
  ['POST /ssf/streams', 'token'],
  ['GET /auth', 'new', 'session'],
  ['POST /Auth/', 'new', 'session'],
  ['GET /login', 'new', 'session'],
  ['GET /device', 'new', 'session'],
  ['GET /register', 'new', 'session'],
  ['GET /register/organisation', 'new', 'session'],
  ['GET /recover/phone', 'new', 'session'],
  ['GET /organisation/handler', 'new', 'session'],
  ['GET /account', 'new', 'session'],
  ['GET /account/sign-ins', 'new', 'session'],
  ['GET /account/callback', 'step', 'session'],
  ['GET /auth/V1StGXR8_Z5jdHi6B-myT', 'step', 'session'],
  ['GET /interaction/V1StGXR8_Z5jdHi6B-myT', 'step', 'session'],
  ['POST /interaction/V1StGXR8_Z5jdHi6B-myT', 'login', 'session'],
  ['POST /register/V1StGXR8_Z5jdHi6B-myT/login', 'step', 'session'],
  ['GET /register/organisation/V1StGXR8_Z5jdHi6B-myT/unit', 'step', 'session'],
  ['GET /captcha/V1StGXR8_Z5jdHi6B-myT.png', 'step', 'session'],
  ['GET /session/end', 'step', 'session'],
  ['GET /', 'step', 'session'],
  ['GET /help', 'step', 'session'],
  ['GET /unknown', 'step', 'session'],
]

test.each(requests)('%s is of the class %s', (request = '', without, withSession = without) => {
  const [method = '', path = ''] = request.split(' ')
  expect(requestClassOf({ method, path }, () => false)).toBe(without)
  expect(requestClassOf({ method, path }, () => true)).toBe(withSession)
})

test('a session cookie counts only with the signature that we made', () => {
  const keys = new Keygrip(['a key of the tests'], 'sha256')
  const isPresent = sessionCookie('uup_session', keys)
  const signature = keys.sign('uup_session=abc')
  expect(isPresent(`lang=en; uup_session=abc; uup_session.sig=${signature}`)).toBe(true)
  expect(isPresent(`uup_session=abd; uup_session.sig=${signature}`)).toBe(false)
  expect(isPresent('uup_session=abc')).toBe(false)
  expect(isPresent('')).toBe(false)
})
