/**
 * The names of routes in `/metrics`: their patterns, but for two groups, since the label `route` has at most 100 values
 * and both listeners have more routes together (decision 0285).
 */

/** The address of a flow without a step only leads to its step. */
export const publicRouteName = (pattern: string): string =>
  /^\/(ssf|captcha)\//.test(pattern) ? pattern : pattern.replace(/\/:id$/, '/:id/:step')

/** The pages of the console have one name; the calls of the API have one for each resource. */
export const operatorsRouteName = (pattern: string): string => {
  const [api] = /^\/api\/admin\/v\d+\/[^/]+/.exec(pattern) ?? []
  if (api) return `${api}/*`
  return /^\/(api|assets|health|metrics)\b|^[^/]/.test(pattern) ? pattern : 'console'
}
