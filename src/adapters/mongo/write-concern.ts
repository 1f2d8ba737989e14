/**
 * A majority acknowledges each write, so that the write survives the loss of a node. Where none does within 4 s, the
 * write is rejected as an outage; it may take effect all the same, and repeating it is safe.
 */
export const majority = { w: 'majority', wtimeoutMS: 4000 } as const
