/** Whether an E.164 phone number belongs to the mainland. */
export const isMainland = (phone: string): boolean => phone.startsWith('+86')

/** Converts an E.164 number of the mainland (+86) to the eleven digits that its services expect. Others stay unchanged. */
export const mainlandDigits = (phone: string): string => phone.replace(/^\+86(?=1\d{10}$)/, '')
