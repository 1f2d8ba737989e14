import type { Sentence } from '../messages.ts'

export const fields = {} as const satisfies Record<string, Sentence>
