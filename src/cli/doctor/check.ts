/** A thing that was looked at, and what is wrong with it: each problem says what to do after a colon or a semicolon. */
export type Check = { readonly name: string; readonly problems: readonly string[] }

/** Runs a check. An error is its problem, so that the other checks still run. */
export async function check(
  name: string,
  find: () => Promise<readonly string[]> | readonly string[],
): Promise<Check> {
  try {
    return { name, problems: await find() }
  } catch (error) {
    return { name, problems: [`cannot be checked: ${(error as Error).message}`] }
  }
}

/** `name: ok`, or the name with everything that is wrong, in one line. */
export const lineOf = ({ name, problems }: Check): string =>
  `${name}: ${problems.length ? problems.join(' | ').replaceAll('\n', ' | ') : 'ok'}`

/** The reason for which no connection came about, e.g. `ECONNREFUSED`. */
export function connectionProblem(error: unknown): string {
  const { code, message } = ((error as Error).cause ?? error) as { code?: string; message: string }
  return code ?? message
}
