import { parser } from '@prometheus-io/lezer-promql'

export type Selector = {
  readonly metric: string
  readonly matchers: readonly {
    readonly label: string
    readonly operator: string
    readonly value: string
  }[]
}

/** The selectors and the labels of `by`, `on` and their like in a query. Throws if it is no PromQL. */
export function readPromql(query: string) {
  const selectors: Selector[] = []
  const groupedBy: string[] = []
  const textOf = ({ from, to }: { readonly from: number; readonly to: number }) =>
    query.slice(from, to)
  parser.parse(query).iterate({
    enter({ name, node }) {
      if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${query}`)
      if (name === 'GroupingLabels') groupedBy.push(...node.getChildren('LabelName').map(textOf))
      if (name !== 'VectorSelector') return
      const metric = textOf(node.firstChild ?? node)
      const given = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
      const matchers = given.map((matcher) => {
        const [label = '', operator = '', value = ''] = [
          'LabelName',
          'MatchOp',
          'StringLiteral',
        ].map((part) => textOf(matcher.getChild(part) ?? matcher))
        return { label, operator, value: value.slice(1, -1) }
      })
      selectors.push({ metric, matchers })
    },
  })
  return { selectors, groupedBy }
}
