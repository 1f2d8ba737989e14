/** The classes of requests, the first one to be refused last. Requests of `open` are never refused. */
export type RequestClass = 'open' | 'token' | 'session' | 'step' | 'login' | 'new'

/** `path` has no query. */
export type ClassifiedRequest = { readonly method: string; readonly path: string }

/**
 * The class of a request, by which an overloaded platform decides whom it serves:
 * - `open`: health, files, discovery and keys, which cost nothing, and long polls, which wait without work;
 * - `token`: the endpoints that software calls, `/api/` and `/ssf/`;
 * - `session`: any page with the cookie of a session (`hasSession`);
 * - `step`: a page of something that was begun (flow, interaction, captcha), and pages without a beginning, e.g. help;
 * - `login`: the form of an interaction without a session, i.e. a password that has to be hashed;
 * - `new`: the beginning of a login, registration or recovery, by somebody who is not inside yet.
 *
 * Paths are compared without case and without a slash at the end, as the routers do. Never throws.
 * @param hasSession whether the request has a session cookie that we signed; called for pages only
 */
export function requestClassOf(
  { method, path }: ClassifiedRequest,
  hasSession: () => boolean,
): RequestClass {
  const at = path.toLowerCase().replace(/(.)\/+$/, '$1')
  if (open.test(at)) return 'open'
  if (software.test(at)) return 'token'
  if (hasSession()) return 'session'
  if (method === 'POST' && interaction.test(at)) return 'login'
  return beginning.test(at) ? 'new' : 'step'
}

const open = /^\/(health|assets|\.well-known)\/|^\/(jwks|robots\.txt|ssf\/poll\/[^/]+)$/
const software = /^\/(api|ssf)\/|^\/(token|token\/.+|me|reg|reg\/.+|request|device\/auth)$/
const interaction = /^\/interaction\/[^/]+$/

/** The addresses at which something begins that needs no session, and those that lead to a login without one. */
const beginning = new RegExp(
  `^/(${[
    ...[
      'auth',
      'device',
      'login',
      'step-up',
      'register(/organisation)?',
      'real-name(/organisation)?',
    ],
    ...['recover/(username|password|phone)', 'organisation/(handler|legal-representative)'],
    'account(/(?!callback$)[^/]+)?',
  ].join('|')})$`,
)
