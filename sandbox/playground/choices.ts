import { acr } from '../../config/acr.ts'
import { playground } from '../clients.mjs'

/** The parameters that a developer can choose. The rest of the request (state, nonce, PKCE) is generated. */
export const choices = {
  scopes: playground.scope.split(' '),
  acr: Object.values(acr),
  prompts: ['login', 'consent', 'create', 'none', 'select_account'],
} as const

/** The chosen parameters, as the form was sent. */
export type Chosen = {
  readonly scope: readonly string[]
  readonly acr: string
  readonly prompt: string
  readonly maxAge: string
  readonly claims: string
  readonly pushed: boolean
}

export const usual: Chosen = {
  scope: ['openid', 'profile'],
  acr: '',
  prompt: '',
  maxAge: '',
  claims: '',
  pushed: false,
}

export function chosenIn(form: URLSearchParams): Chosen {
  const given = (name: string) => form.get(name)?.trim() ?? ''
  return {
    scope: form.getAll('scope'),
    acr: given('acr'),
    prompt: given('prompt'),
    maxAge: given('maxAge'),
    claims: given('claims'),
    pushed: form.has('pushed'),
  }
}

/** Converts the choices to parameters of the authorization request. Empty ones are left out. */
export function parametersOf({
  scope,
  acr,
  prompt,
  maxAge,
  claims,
}: Chosen): Record<string, string> {
  const all = { scope: scope.join(' '), acr_values: acr, prompt, max_age: maxAge, claims }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value))
}

/** Returns the name of an invalid field, if any. */
export function wrongIn({ maxAge, claims }: Chosen): 'maxAge' | 'claims' | undefined {
  if (maxAge && !/^\d{1,9}$/.test(maxAge)) return 'maxAge'
  return claims && !isObject(claims) ? 'claims' : undefined
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
