/** Settings or their files are not valid. The message has one line for each problem: `NAME: problem`. */
export class BadEnvironment extends Error {
  override readonly name = 'BadEnvironment'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}
