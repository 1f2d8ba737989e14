import { parse } from 'yaml'
import { projectFile } from './project-files.ts'

type Panel = {
  readonly type: string
  readonly title: string
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[]
}

type Rule = {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly description: string }
}

export const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(
  projectFile('docs/grafana/platform.json').text,
)

export const alerts: readonly Rule[] = parse(
  projectFile('docs/grafana/alerts.yaml').text,
).groups.flatMap(({ rules }: { readonly rules: readonly Rule[] }) => rules)

/** Every query with its place. Grafana replaces the variable by at least four intervals of the scrapes. */
export const queries: readonly (readonly [place: string, query: string])[] = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '1m')] as const),
  ),
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
]
