import { createHmac } from 'node:crypto'
import { isSameSecret } from './same-secret.ts'

/**
 * The CSRF token in a hidden field. It is derived from a secret in the browser's cookie, so that another site cannot
 * post a form in a person's name.
 */
export const forgeryToken = (secret: string): string =>
  createHmac('sha256', secret).update('form').digest('base64url')

export const isForged = (secret: string, token: string | undefined): boolean =>
  !isSameSecret(forgeryToken(secret), token ?? '')
