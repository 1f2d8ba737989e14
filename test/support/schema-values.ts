import fc from 'fast-check'

type Schema = {
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
}

/** Generates the values that fit a JSON Schema of objects and strings, as far as the terminals' document uses it. */
export function schemaValues(schema: Schema): fc.Arbitrary<unknown> {
  const { anyOf, enum: values, properties, required = [], pattern } = schema
  if (anyOf) return fc.oneof(...anyOf.map((each) => schemaValues(each)))
  if (values) return fc.constantFrom(...values)
  if (properties) {
    const members: Readonly<Record<string, fc.Arbitrary<unknown>>> = Object.fromEntries(
      Object.entries(properties).map(([name, each]) => [name, schemaValues(each)]),
    )
    return fc.record(members, { requiredKeys: [...required], noNullPrototype: true })
  }
  if (!pattern) throw new Error(`no values for ${JSON.stringify(schema)}`)
  return stringsOf(pattern, schema)
}

function stringsOf(pattern: string, { minLength = 0, maxLength = 1000 }: Schema) {
  // fast-check generates no lookahead, so that the whole pattern is a filter.
  const generated = pattern.replace(/\(\?[=!](?:[^()[]|\[[^\]]*\])*\)/g, '')
  const whole = new RegExp(pattern, 'u')
  return fc
    .stringMatching(new RegExp(generated, 'u'), { maxLength: Math.min(maxLength, 100) })
    .filter((text) => {
      const length = [...text].length
      return whole.test(text) && length >= minLength && length <= maxLength
    })
}
