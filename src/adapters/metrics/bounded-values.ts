/** No label of a metric has more values (specification of the operators' side, section 14 and issue 17). */
const mostValues = 100

/** The values of one label. The first 99 stay as they are; any further one becomes `other`. */
export function boundedValues(): (value: string) => string {
  const known = new Set<string>()
  return (value) => {
    if (known.has(value)) return value
    if (known.size >= mostValues - 1) return 'other'
    known.add(value)
    return value
  }
}
