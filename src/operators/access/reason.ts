import { codePoints, field } from '../../people/fields/field.ts'

const most = 200

/** 事由. */
export const reason = field('reason.missing', (typed, reject) =>
  codePoints(typed) > most ? reject('reason.long', { most }) : typed,
)
