import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import * as z from 'zod'
import { type SmsTemplate, smsTemplates } from '../sms-templates.ts'
import { readRedisUrl } from './redis-url.ts'

export const port = z.coerce.number().int().min(1).max(65535)
export const budget = z.coerce.number().int().min(1)
export const processes = z
  .string()
  .regex(/^(cores|[1-9]\d?)$/, 'must be cores, or a number from 1 to 99')
  .transform((given) => (given === 'cores' ? availableParallelism() : Number(given)))
export const base64Key = (bytes: number) =>
  z.string().refine((key) => Buffer.from(key, 'base64').length === bytes, {
    error: `must be ${bytes} bytes in base64 (openssl rand -base64 ${bytes})`,
  })
export const list = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .pipe(z.array(z.string().min(1)).min(1))

/** `2:<base64>,1:<base64>`: the first key encrypts, each of them decrypts. */
export const dataKeys = list.transform((entries, context) => {
  const keys = entries.map((entry) => {
    const [, version, key] = /^(\d{1,4}):(.+)$/.exec(entry) ?? []
    const bytes = Buffer.from(key ?? '', 'base64')
    if (!version || bytes.length !== 32) {
      context.addIssue('must be VERSION:KEY[,VERSION:KEY], each KEY 32 bytes in base64')
      return z.NEVER
    }
    return { version, key: bytes }
  })
  if (new Set(keys.map((key) => key?.version)).size !== keys.length)
    context.addIssue('names a version twice')
  return keys
})

/**
 * `code=SMS_1,username=SMS_2`: the vendor's name of each template; `code-abroad=…` is for phones of other countries.
 */
export const vendorTemplates = list.transform((entries, context) => {
  const ids = Object.fromEntries(
    entries.map((entry) => /^([\w-]+)=(\S+)$/.exec(entry)?.slice(1) ?? [entry, '']),
  )
  for (const [name, id] of Object.entries(ids))
    if (!id || !(name.replace(/-abroad$/, '') in smsTemplates))
      context.addIssue(`has ${name}: must be TEMPLATE=VENDOR_ID[,TEMPLATE=VENDOR_ID]`)
  for (const name of Object.keys(smsTemplates))
    if (!ids[name]) context.addIssue(`lacks the template ${name}`)
  return ids as Record<SmsTemplate, string>
})

const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be an http(s) address without a slash at its end',
  abort: true,
})
export const url = httpUrl.refine((address) => !address.endsWith('/'), {
  error: 'must have no slash at its end',
})
export const redisUrl = z.string().superRefine((given, context) => {
  const read = readRedisUrl(given)
  if ('problem' in read) context.addIssue(read.problem)
})
/** A contact URI (RFC 9116, 2.5.3); a bare e-mail address becomes a `mailto:` URI. */
export const contactUri = z
  .string()
  .transform((given) => (/^[^\s@:/]+@[^\s@:/]+$/.test(given) ? `mailto:${given}` : given))
  .pipe(
    z.string().regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+?[\d-]+)$/, {
      error: 'must be an e-mail address, or a URI that begins with https:, mailto: or tel:',
    }),
  )
/** `syslog+tls://HOST[:PORT]`; the default port is that of RFC 5425. */
export const syslogAddress = z
  .string()
  .regex(/^syslog\+tls:\/\/([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i, {
    error: 'must be syslog+tls://HOST or syslog+tls://HOST:PORT',
  })
  .transform((address) => {
    const { hostname, port: given } = new URL(address)
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(given || 6514) }
  })
  .refine((address) => address.port > 0 && address.port < 65_536, 'must have a port up to 65535')
export const text = z.string().min(1)
export const words = z.string().transform((given) => given.trim().split(/\s+/))
/** A region of a cloud vendor; it becomes a part of a host name. */
export const regionName = z
  .string()
  .regex(/^[a-z\d-]{2,40}$/, 'must be the name of a region, such as cn-shenzhen')
export const headerName = z.string().regex(/^[\w-]+$/, 'must be the name of a header')
export const switched = z
  .enum(['0', '1'])
  .default('0')
  .transform((given) => given === '1')
export const hostNames = list.pipe(
  z.array(z.string().regex(/^([\w-]+\.)*[\w-]+$|^\[[\da-f:.]+\]$/i, 'must be host names alone')),
)
export const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** The address that a browser names in `Origin`: scheme, host and port (RFC 6454). */
export const origin = httpUrl.refine((address) => URL.parse(address)?.origin === address, {
  error: 'must be an origin: scheme, host and port alone',
})

export type Network = {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

/** `10.0.0.0/8,2001:db8::/32`; an address without a prefix stands for itself. */
export const networks = list.transform((entries, context): readonly Network[] => {
  const read = entries.map(networkIn)
  if (!read.includes(undefined)) return read.filter((network) => network !== undefined)
  context.addIssue('must be networks like 10.0.0.0/8 or 2001:db8::/32')
  return z.NEVER
})

function networkIn(entry: string): Network | undefined {
  const [, address = '', digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const bits = { 4: 32, 6: 128 }[isIP(address)]
  if (!bits || Number(digits ?? bits) > bits) return undefined
  return { address, prefix: Number(digits ?? bits), family: bits === 32 ? 'ipv4' : 'ipv6' }
}
