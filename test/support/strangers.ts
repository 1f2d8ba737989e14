import { cookieBrowser } from './cookie-browser.ts'
import { personAtForms } from './person-at-forms.ts'

let networks = 0

/** An address in a network of its own (RFC 1918), for a platform behind one proxy (`TRUST_PROXY`). */
export function ownNetwork(): string {
  networks += 1
  return `10.${Math.floor(networks / 256)}.${networks % 256}.1`
}

/** A new browser in a network of its own. */
export const stranger = (address = ownNetwork()) =>
  personAtForms(cookieBrowser({ 'x-forwarded-for': address }))
