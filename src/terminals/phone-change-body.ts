import * as z from 'zod'
import type { Banks } from '../../config/banks.ts'
import { idTypes } from '../../config/id-types.ts'
import { type MessageCode, messages } from '../../config/messages.ts'
import type { PhoneRegion } from '../../config/phone-regions.ts'
import { bankAccount, bankName } from '../people/fields/bank-card.ts'
import { documentFields, documentRule } from '../people/fields/id-document.ts'
import { unifiedName } from '../people/fields/person-name.ts'
import { phoneFields, phoneRules } from '../people/fields/phone.ts'
import type { ValueError } from './problem.ts'

export type BodyPorts = {
  readonly banks: Banks
  readonly phoneRegions: readonly PhoneRegion[]
}

/** The body of a request, judged as the fields of a page are; `idType` by its claim value or its Chinese name. */
const shape = (today: string, { banks, phoneRegions }: BodyPorts) =>
  closed({
    holder: closed({
      name: unifiedName,
      ...documentFields,
      idType: z.preprocess((typed) => byName.get(typed) ?? typed, documentFields.idType),
    }).check(documentRule(today)),
    card: closed({ bank: bankName(banks), account: bankAccount }),
    newPhone: z.preprocess(
      (phone) => ({ phone }),
      z.object(phoneFields(phoneRegions)).check(...phoneRules(phoneRegions)),
    ),
    statement: z
      .string({ error: 'terminal.shape' })
      .min(1, 'terminal.shape')
      .max(8192, 'terminal.shape'),
  })

const closed = <Shape extends z.ZodRawShape>(members: Shape) =>
  z.strictObject(members, { error: 'terminal.shape' })

const byName = new Map<unknown, string>(Object.entries(idTypes).map(([type, name]) => [name, type]))

export type PhoneChangeBody = z.output<ReturnType<typeof shape>>

/** What was asked for, or all that is wrong with it. */
export function readBody(
  body: unknown,
  today: string,
  ports: BodyPorts,
): { readonly asked: PhoneChangeBody } | { readonly errors: readonly ValueError[] } {
  const parsed = shape(today, ports).safeParse(body)
  return parsed.success ? { asked: parsed.data } : { errors: parsed.error.issues.map(errorOf) }
}

function errorOf(issue: z.core.$ZodIssue): ValueError {
  const path = issue.path[0] === 'newPhone' ? ['newPhone'] : issue.path
  const params = issue.code === 'custom' ? (issue.params as ValueError['params']) : undefined
  return {
    pointer: path
      .map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join(''),
    code: isCode(issue.message) ? issue.message : 'terminal.shape',
    ...(params && { params }),
  }
}

const isCode = (message: string): message is MessageCode => Object.hasOwn(messages, message)
