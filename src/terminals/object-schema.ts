/** A JSON Schema of a string. */
export const textSchema = (description: string, more: object = {}) => ({
  type: 'string',
  description,
  ...more,
})

/** A JSON Schema of an object with these members and no others. */
export const objectSchema = (
  properties: Readonly<Record<string, object>>,
  optional: readonly string[] = [],
) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
})
