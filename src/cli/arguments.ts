import { type ParseArgsConfig, parseArgs } from 'node:util'
import { BadUsage } from './operator-command.ts'

/** Parses the options and words of a command line. Throws `BadUsage`. */
export function readArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  typed: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...typed], allowPositionals: true, options })
  } catch (error) {
    throw new BadUsage((error as Error).message)
  }
}

export function missingArgument(what: string): never {
  throw new BadUsage(`${what} is missing`)
}

/** Throws `BadUsage` when a word is left over. */
export function noMoreArguments([word]: readonly string[]): void {
  if (word !== undefined) throw new BadUsage(`${word}: too much`)
}
