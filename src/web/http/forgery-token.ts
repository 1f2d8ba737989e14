import { createHmac } from 'node:crypto'
import { isSameSecret } from './same-secret.ts'

/**
 * The hidden field that only a page of ours can hold: derived from a secret that the browser sends as a cookie, so
 * that another site can't post a form in a person's name.
 */
export const forgeryToken = (secret: string): string =>
  createHmac('sha256', secret).update('form').digest('base64url')

export const isForged = (secret: string, token: string | undefined): boolean =>
  !isSameSecret(forgeryToken(secret), token ?? '')
