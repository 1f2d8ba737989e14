import type { Sentence } from '../messages.ts'

export const login = {} as const satisfies Record<string, Sentence>
