import { terminalScope } from '../../config/claims/own-scopes.ts'
import { idempotencyKeyPattern } from '../web/api/begin-request.ts'
import { objectSchema, textSchema } from './object-schema.ts'
import type { PhoneChangeBodyPorts } from './phone-change-body.ts'
import { phoneChangeSchema } from './phone-change-schema.ts'
import { problems } from './problem.ts'

/** The OpenAPI 3.1 description of the interface. Tests compare the code with it. */
export const openApi = (issuer: string, ports: PhoneChangeBodyPorts) => ({
  openapi: '3.1.0',
  info: {
    title: '统一用户平台 自助终端接口 · Terminals of the unified user platform',
    version: '1.0.0',
    description:
      'A terminal that has read a social-security card, and whose holder has entered its PIN, changes the phone of that holder’s account.',
  },
  servers: [{ url: issuer }],
  paths: {
    '/api/terminal/v1/phone-changes': {
      post: {
        operationId: 'changePhone',
        summary: 'Change the phone of the holder of a social-security card',
        description: [
          'The bank is asked whether name, document, account and new phone are those of one person. Then name, card and phone',
          'change together, every sign-in of the account ends, and the new and the old phone are told.',
          'Repeat a request whose answer was lost with the same `Idempotency-Key`: it is done once, and answered alike for seven days.',
          'Over-limit (429), outage (503) and a bank under maintenance (422 at `/card/bank`) are not kept: repeat those with the same key.',
        ].join(' '),
        security: [{ clientCredentials: [terminalScope] }],
        parameters: [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: true,
            description:
              'The terminal’s name for this change: another for each change, the same when it is repeated.',
            schema: { type: 'string', pattern: idempotencyKeyPattern },
          },
          {
            name: 'Accept-Language',
            in: 'header',
            description: 'Language of problems and of the notices by SMS: zh-CN (default) or en.',
            schema: { type: 'string', pattern: '^[ -~]*$' },
          },
        ],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: schemaRef('PhoneChange') } },
        },
        responses: {
          '200': {
            description: 'Changed, now or when this was asked before.',
            content: { 'application/json': { schema: schemaRef('Changed') } },
          },
          '400': problemResponse('No JSON, or no usable `Idempotency-Key`.'),
          '401': problemResponse(
            'No access token, or one that is good no more.',
            'WWW-Authenticate',
          ),
          '403': problemResponse(
            'The token’s scope, or the statement, does not allow it, or the account is frozen.',
          ),
          '404': problemResponse(
            'The holder has no account that was proved by a social-security card.',
          ),
          '409': problemResponse('The `Idempotency-Key` was used for another body.'),
          '413': problemResponse('More than 16 kB.'),
          '415': problemResponse('Not JSON in UTF-8, or compressed.'),
          '422': problemResponse(
            'A body that does not fit this schema, a number whose check character or date is wrong, a refusal of the bank, or a bank under maintenance.',
          ),
          '429': problemResponse('Over a limit; `Retry-After` says until when.', 'Retry-After'),
          '500': problemResponse('A fault of the platform. Repeat with the same key.'),
          '503': problemResponse(
            'Not possible at the moment. Repeat with the same key.',
            'Retry-After',
          ),
        },
      },
    },
  },
  components: {
    securitySchemes: {
      clientCredentials: {
        type: 'oauth2',
        description: 'Client authentication by `private_key_jwt`. Tokens live ten minutes.',
        flows: {
          clientCredentials: {
            tokenUrl: `${issuer}/token`,
            scopes: { [terminalScope]: 'Change the phone of a card’s holder' },
          },
        },
      },
    },
    schemas: { PhoneChange: phoneChangeSchema(ports), ...schemas },
  },
})

const schemaRef = (name: 'PhoneChange' | keyof typeof schemas) => ({
  $ref: `#/components/schemas/${name}`,
})

const problemResponse = (description: string, header?: string) => ({
  description,
  ...(header && { headers: { [header]: { required: true, schema: { type: 'string' } } } }),
  content: { 'application/problem+json': { schema: schemaRef('Problem') } },
})

const schemas = {
  Changed: objectSchema({
    changedAt: textSchema('When it was changed.', { format: 'date-time' }),
  }),
  Problem: objectSchema(
    {
      type: textSchema('What went wrong.', {
        enum: Object.keys(problems).map((name) => `urn:uup:problem:${name}`),
      }),
      title: textSchema('The same in words.'),
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: textSchema('What to do, fit to be shown to the person.'),
      errors: {
        type: 'array',
        items: objectSchema({
          pointer: textSchema('Which member of the body (RFC 6901).', { format: 'json-pointer' }),
          detail: textSchema('What is wrong with it.'),
        }),
      },
      caseNumber: textSchema('What the person may tell support: 受理编号.'),
    },
    ['detail', 'errors', 'caseNumber'],
  ),
} as const
