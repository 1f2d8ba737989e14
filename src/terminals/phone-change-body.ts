import * as z from 'zod'
import type { Banks } from '../../config/banks.ts'
import { idTypes } from '../../config/id-types.ts'
import { type MessageCode, messages } from '../../config/messages.ts'
import type { PhoneRegion } from '../../config/phone-regions.ts'
import { bankAccount, bankName } from '../people/fields/bank-card.ts'
import { documentFields, documentRules } from '../people/fields/id-document.ts'
import { unifiedName } from '../people/fields/person-name.ts'
import { phoneFields, phoneRules } from '../people/fields/phone.ts'
import type { ValueError } from './problem.ts'

export type PhoneChangeBodyPorts = {
  readonly banks: Banks
  readonly phoneRegions: readonly PhoneRegion[]
}

/** The body of a request, with the rules of the pages' fields; `idType` is a claim value or a Chinese name. */
const bodySchema = (today: string, { banks, phoneRegions }: PhoneChangeBodyPorts) =>
  strictObject({
    holder: strictObject({
      name: unifiedName,
      ...documentFields,
      idType: z.preprocess((typed) => idTypeByName.get(typed) ?? typed, documentFields.idType),
    }).check(...documentRules(today)),
    card: strictObject({ bank: bankName(banks), account: bankAccount }),
    newPhone: z.preprocess(
      (phone) => ({ phone }),
      z.object(phoneFields(phoneRegions)).check(...phoneRules(phoneRegions)),
    ),
    statement: z.string({ error: 'api.shape' }).min(1, 'api.shape').max(8192, 'api.shape'),
  })

const strictObject = <Shape extends z.ZodRawShape>(members: Shape) =>
  z.strictObject(members, { error: 'api.shape' })

const idTypeByName = new Map<unknown, string>(
  Object.entries(idTypes).map(([type, name]) => [name, type]),
)

export type PhoneChangeBody = z.output<ReturnType<typeof bodySchema>>

/**
 * Returns the checked request, or every error of its body. `fitsSchema`: the errors are check characters and dates only,
 * which no JSON Schema can describe.
 */
export function readPhoneChangeBody(
  body: unknown,
  today: string,
  ports: PhoneChangeBodyPorts,
):
  | { readonly phoneChange: PhoneChangeBody }
  | { readonly errors: readonly ValueError[]; readonly fitsSchema: boolean } {
  const parsed = bodySchema(today, ports).safeParse(body)
  if (parsed.success) return { phoneChange: parsed.data }
  const errors = parsed.error.issues.map(valueErrorOf)
  return { errors, fitsSchema: errors.every(({ code }) => beyondSchema.has(code)) }
}

const beyondSchema: ReadonlySet<MessageCode> = new Set([
  ...(['account.check', 'idNumber.checksum', 'idNumber.date'] as const),
])

function valueErrorOf(issue: z.core.$ZodIssue): ValueError {
  const path = issue.path[0] === 'newPhone' ? ['newPhone'] : issue.path
  const params = issue.code === 'custom' ? (issue.params as ValueError['params']) : undefined
  return {
    pointer: path
      .map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join(''),
    code: isMessageCode(issue.message) ? issue.message : 'api.shape',
    ...(params && { params }),
  }
}

const isMessageCode = (message: string): message is MessageCode => Object.hasOwn(messages, message)
