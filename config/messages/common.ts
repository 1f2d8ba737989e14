import type { Sentence } from '../messages.ts'

export const common = {} as const satisfies Record<string, Sentence>
