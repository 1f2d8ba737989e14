import type { Sentence } from '../messages.ts'

export const registration = {} as const satisfies Record<string, Sentence>
