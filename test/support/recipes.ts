import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { goCaches, type Peer, type Step } from './examples.ts'

/** The addresses and secrets of a running recipe. */
export type RecipeSettings = {
  readonly issuer: string
  readonly base: string
  readonly port: string
  readonly clientId: string
  readonly clientSecret: string
}

/** A relying party in `docs/recipes/`: an installed product with the settings that `docs/connect.md` shows. */
export type Recipe = Peer & {
  readonly parent: 'recipes'
  /** Its environment variables beside ISSUER, CLIENT_ID, CLIENT_SECRET, PORT and BASE. */
  readonly env?: (given: RecipeSettings, at: string) => Readonly<Record<string, string>>
  /** Client metadata in which it differs from the other recipes. */
  readonly client?: object
  /** The address that sends a person to the platform: by GET, or by the form with the action `loginForm` on that page. */
  readonly login: string
  readonly loginForm?: string
  readonly callback: string
  /** A page that shows who is signed in, and the claim that it shows. */
  readonly whoami: string
  readonly names: 'name' | 'sub'
  /** The way in which it renews tokens. */
  readonly renews: 'refresh token' | 'prompt=none'
  /** Its address that renews tokens. Without one, `whoami` renews them once the access token has expired. */
  readonly refresh?: string
  readonly refreshForm?: string
  /** The time in milliseconds after which it renews tokens at the earliest. */
  readonly renewsAfter?: number
  /** Its logout address, by GET or by the form `logoutForm`, and the address to which the platform redirects. */
  readonly logout: (given: RecipeSettings) => string
  readonly logoutForm?: string
  readonly signedOut: string
}

const python = (at: string): readonly Step[] => [
  ['python3', ['-m', 'venv', join(at, 'venv')]],
  [
    join(at, 'venv/bin/pip'),
    ['install', '--quiet', '--no-compile', '-r', join(at, 'requirements.txt')],
  ],
]

const npm = (at: string): readonly Step[] => [
  ['npm', ['install', '--prefix', at, '--no-audit', '--no-fund', '--no-package-lock']],
]

const node = {
  parent: 'recipes',
  needs: ['node', 'npm'],
  build: npm,
  start: (at: string): Step => [process.execPath, [join(at, 'app.mjs')]],
  callback: '/callback',
  whoami: '/',
  names: 'name',
  renews: 'refresh token',
  signedOut: '/',
} as const

const django = {
  parent: 'recipes',
  needs: ['python3'],
  build: (at: string): readonly Step[] => [
    ...python(at),
    [
      join(at, 'venv/bin/django-admin'),
      ['migrate', '--verbosity', '0'],
      { ...djangoEnv(at), ISSUER: '', CLIENT_ID: '', CLIENT_SECRET: '' },
    ],
  ],
  start: (at: string): Step => [
    'sh',
    ['-c', `exec ${join(at, 'venv/bin/django-admin')} runserver --noreload "localhost:$PORT"`],
    djangoEnv(at),
  ],
  whoami: '/',
  names: 'name',
  signedOut: '/',
} as const

/** The variables with which `django-admin` finds the settings. The client's own variables are added at the start. */
const djangoEnv = (at: string) => ({
  PYTHONPATH: at,
  DJANGO_SETTINGS_MODULE: 'settings',
  DATABASE: join(at, 'db.sqlite3'),
  SECRET_KEY: 'made-for-this-test-and-for-nothing-else',
})

const random = 'made-for-this-test-and-for-nothing-else'

/** Writes a site around the recipe, with Debian's modules and two pages. Returns its folder. */
function apacheSite(recipe: string): string {
  const site = mkdtempSync(join(tmpdir(), 'uup-site-'))
  for (const page of ['index.html', 'signed-out']) writeFileSync(join(site, page), page)
  const modules = [
    'mpm_event',
    'authz_core',
    'authn_core',
    'authz_user',
    'auth_openidc',
    'dir',
    'mime',
  ]
  const configuration = [
    ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
    `PidFile ${site}/httpd.pid`,
    `ErrorLog ${site}/error.log`,
    `DocumentRoot ${site}`,
    'TypesConfig /etc/mime.types',
    'ServerName localhost',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: httpd fills it in from its environment
    'Listen 127.0.0.1:${PORT}',
    'User nobody',
    'Group nogroup',
    `Include ${recipe}`,
    // By default the module answers 401 unless Sec-Fetch headers show a navigation, and Node.js's fetch cannot send those.
    '<Location />',
    'OIDCUnAuthAction auth true',
    '</Location>',
  ]
  writeFileSync(join(site, 'httpd.conf'), configuration.join('\n'))
  // httpd that is started as root serves as another user, who must be able to read the pages.
  chmodSync(site, 0o755)
  return site
}

/** Without optimisation and debug information, the compiler needs two thirds of the time. */
const quickly = ['-gcflags=all=-N -l', '-ldflags=-s -w']

/** The one that takes longest to build comes last: it is built while the others are tested. */
export const recipes: readonly Recipe[] = [
  {
    name: 'Apache httpd, mod_auth_openidc',
    folder: 'mod_auth_openidc',
    parent: 'recipes',
    // Installing needs root; other users need an installed program.
    needs: [process.getuid?.() === 0 ? 'apt-get' : 'apache2'],
    build: () => [
      ['apt-get', ['-qq', 'update']],
      [
        'apt-get',
        [
          '-qq',
          '-y',
          'install',
          '--no-install-recommends',
          'apache2-bin',
          'libapache2-mod-auth-openidc',
        ],
        { DEBIAN_FRONTEND: 'noninteractive' },
      ],
    ],
    start: (at) => {
      const site = apacheSite(join(at, 'openidc.conf'))
      return ['/usr/sbin/apache2', ['-X', '-d', site, '-f', join(site, 'httpd.conf')]]
    },
    env: () => ({ CRYPTO_PASSPHRASE: random }),
    login: '/',
    callback: '/oidc/callback',
    whoami: '/oidc/callback?info=json',
    names: 'name',
    renews: 'refresh token',
    refresh: '/oidc/callback?info=json&access_token_refresh_interval=0',
    logout: ({ base }) => `/oidc/callback?logout=${encodeURIComponent(`${base}/signed-out`)}`,
    signedOut: '/signed-out',
  },
  {
    ...node,
    name: 'Auth.js',
    folder: 'authjs',
    env: () => ({ AUTH_SECRET: random }),
    login: '/auth/signin',
    loginForm: '/auth/signin/platform',
    callback: '/auth/callback/platform',
    logout: () => '/auth/signout?callbackUrl=%2Fsigned-out',
    logoutForm: '/auth/signout',
  },
  {
    ...node,
    name: 'express-openid-connect',
    folder: 'express-openid-connect',
    env: () => ({ SESSION_SECRET: random }),
    login: '/login',
    logout: () => '/logout',
  },
  {
    ...node,
    name: 'passport-openidconnect',
    folder: 'passport-openidconnect',
    env: () => ({ SESSION_SECRET: random }),
    client: { require_pkce: false },
    login: '/login',
    refresh: '/refresh',
    logout: () => '/logout',
  },
  {
    ...django,
    name: 'mozilla-django-oidc',
    folder: 'mozilla-django-oidc',
    env: () => ({ RENEW_SECONDS: '1' }),
    login: '/oidc/authenticate/',
    callback: '/oidc/callback/',
    renews: 'prompt=none',
    renewsAfter: 2100,
    logout: () => '/',
    logoutForm: '/oidc/logout/',
  },
  {
    ...django,
    name: 'social-auth-app-django',
    folder: 'social-auth-app-django',
    login: '/',
    loginForm: '/login/oidc/',
    callback: '/complete/oidc/',
    renews: 'refresh token',
    refresh: '/',
    refreshForm: '/refresh',
    logout: () => '/',
    logoutForm: '/logout',
  },
  {
    name: 'JupyterHub, oauthenticator',
    folder: 'jupyterhub',
    parent: 'recipes',
    needs: ['python3', 'npm'],
    build: (at) => [
      ...python(at),
      [
        'npm',
        [
          'install',
          '--prefix',
          at,
          '--no-audit',
          '--no-fund',
          '--no-package-lock',
          'configurable-http-proxy@5',
        ],
      ],
    ],
    start: (at) => [
      'sh',
      [
        '-c',
        `cd ${at} && exec venv/bin/jupyterhub -f jupyterhub_config.py --ip 127.0.0.1 --port "$PORT" \
--JupyterHub.default_url=/hub/home --JupyterHub.hub_port="$HUB_PORT" --ConfigurableHTTPProxy.api_url="http://127.0.0.1:$PROXY_PORT"`,
      ],
      { PATH: `${at}/node_modules/.bin:${at}/venv/bin:${process.env['PATH']}` },
    ],
    env: () => ({ JUPYTERHUB_CRYPT_KEY: 'ab'.repeat(32), REFRESH_SECONDS: '1' }),
    login: '/hub/oauth_login',
    callback: '/hub/oauth_callback',
    whoami: '/hub/home',
    names: 'sub',
    renews: 'refresh token',
    renewsAfter: 2100,
    logout: () => '/hub/logout',
    signedOut: '/hub/login',
  },
  {
    name: 'oauth2-proxy',
    folder: 'oauth2-proxy',
    parent: 'recipes',
    needs: ['go'],
    build: (at) => [
      [
        'go',
        ['install', ...quickly, 'github.com/oauth2-proxy/oauth2-proxy/v7@latest'],
        { ...goCaches, GOBIN: at, CGO_ENABLED: '0' },
      ],
    ],
    start: (at) => [join(at, 'oauth2-proxy'), ['--config', join(at, 'oauth2-proxy.cfg')]],
    env: ({ issuer, base, port, clientId, clientSecret }) => ({
      OAUTH2_PROXY_HTTP_ADDRESS: `127.0.0.1:${port}`,
      OAUTH2_PROXY_OIDC_ISSUER_URL: issuer,
      OAUTH2_PROXY_CLIENT_ID: clientId,
      OAUTH2_PROXY_CLIENT_SECRET: clientSecret,
      OAUTH2_PROXY_REDIRECT_URL: `${base}/oauth2/callback`,
      OAUTH2_PROXY_UPSTREAMS: 'static://200',
      OAUTH2_PROXY_COOKIE_SECRET: '0123456789abcdef0123456789abcdef',
      // The recipe is for https; this test runs over http.
      OAUTH2_PROXY_COOKIE_SECURE: 'false',
      OAUTH2_PROXY_COOKIE_REFRESH: '1s',
      OAUTH2_PROXY_WHITELIST_DOMAINS: new URL(issuer).host,
    }),
    login: '/',
    callback: '/oauth2/callback',
    whoami: '/oauth2/userinfo',
    names: 'sub',
    renews: 'refresh token',
    refresh: '/oauth2/auth',
    renewsAfter: 2100,
    logout: ({ issuer, base, clientId }) =>
      `/oauth2/sign_out?rd=${encodeURIComponent(
        `${issuer}/session/end?client_id=${clientId}&post_logout_redirect_uri=${encodeURIComponent(`${base}/ping`)}`,
      )}`,
    signedOut: '/ping',
  },
]
