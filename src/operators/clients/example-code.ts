import { readFileSync } from 'node:fs'
import type { GivenMetadata } from '../../ports/operators/managed-clients.ts'

/** The values of a client that stand in the code of an example. */
export type ExampleValues = {
  readonly issuer: string
  readonly clientId: string
  readonly metadata: GivenMetadata
}

/** A file of `docs/examples/` with the values of a client. The secret stays a setting, since it is disclosed only once. */
export type ExampleFile = {
  readonly name: string
  readonly file: string
  /** The path of the redirect URI that the example expects, if it cannot use another one. */
  readonly callback?: string
  readonly code: string
}

type Replacement = readonly [from: string, to: string]

/** The settings in the code of an example, with the values to put in their place. */
type Example = Omit<ExampleFile, 'code'> & {
  readonly replace: (values: {
    issuer: string
    id: string
    scope: string
  }) => readonly Replacement[]
  /** The text for the origin of its own address. */
  readonly base?: string
}

/** In the code of the examples, `$` begins a placeholder of their own languages. */
const dollar = '$'

const examples: readonly Example[] = [
  {
    name: 'Node.js, openid-client',
    file: 'node/app.mjs',
    replace: ({ issuer, id, scope }) => [
      [
        "const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT = '8080', SCOPE = 'openid profile' } = process.env",
        `const [ISSUER, CLIENT_ID, SCOPE] = [${issuer}, ${id}, ${scope}]\nconst { CLIENT_SECRET, PORT = '8080' } = process.env`,
      ],
    ],
    base: `\`http://localhost:${dollar}{PORT}\``,
  },
  {
    name: 'Python, Authlib',
    file: 'python/app.py',
    replace: ({ issuer, id, scope }) => [
      ['os.environ["ISSUER"], os.environ["CLIENT_ID"]', `${issuer}, ${id}`],
      ['os.environ.get("SCOPE", "openid profile")', scope],
    ],
    base: 'f"http://localhost:{PORT}"',
  },
  {
    name: 'Go, coreos/go-oidc',
    file: 'go/main.go',
    replace: ({ issuer, id, scope }) => [
      ['os.Getenv("ISSUER")', issuer],
      ['os.Getenv("CLIENT_ID")', id],
      ['or(os.Getenv("SCOPE"), "openid profile")', scope],
    ],
    base: '"http://localhost:" + port',
  },
  {
    name: 'Java, Spring Security',
    file: 'java/src/main/resources/application.yml',
    callback: '/login/oauth2/code/platform',
    replace: ({ issuer, id, scope }) => [
      [`${dollar}{ISSUER}`, issuer],
      [`${dollar}{CLIENT_ID}`, id],
      [`${dollar}{SCOPE:openid,profile}`, scope.replaceAll(' ', ',')],
    ],
  },
  {
    name: 'Java, Spring Security',
    file: 'java/src/main/java/example/BusinessSystem.java',
    callback: '/login/oauth2/code/platform',
    replace: () => [],
  },
]

/** The examples with the values of a client. Throws if an example lacks a setting that it should have. */
export const exampleFiles = (values: ExampleValues): readonly ExampleFile[] =>
  examples.map(({ replace, base, ...example }) => {
    const { scope = 'openid profile', redirect_uris: uris } = values.metadata
    const quoted = {
      issuer: JSON.stringify(values.issuer),
      id: JSON.stringify(values.clientId),
      scope: JSON.stringify(scope),
    }
    const own = base ? ownAddress(base, uris) : []
    const code = [...replace(quoted), ...own].reduce(replaced, sourceOf(example.file))
    return { ...example, code }
  })

/** A web client runs at the origin of its first redirect URI, and the response comes to the path of that URI. */
function ownAddress(base: string, uris: unknown): readonly Replacement[] {
  const url = Array.isArray(uris) ? URL.parse(String(uris[0])) : null
  if (!url || url.origin === 'null' || /['`]/.test(url.pathname)) return []
  return [
    [base, JSON.stringify(url.origin)],
    ['/callback', url.pathname],
  ]
}

function replaced(code: string, [from, to]: Replacement): string {
  if (!code.includes(from)) throw new Error(`an example has no ${from}`)
  return code.replaceAll(from, () => to)
}

/** `npm run build` copies the examples beside the compiled sources. */
const sourceOf = (file: string): string =>
  readFileSync(new URL(`../../../docs/examples/${file}`, import.meta.url), 'utf8')
