/**
 * A majority acknowledges each write, so that the write survives the loss of a node. If none does within 4 s, the write
 * is rejected as an outage; it may still take effect, and repeating it is safe.
 */
export const majority = { w: 'majority', wtimeoutMS: 4000 } as const
