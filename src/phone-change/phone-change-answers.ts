/** The answer of each step of 更换手机号, by the step's name. */
export type PhoneChange = { readonly details: 'changed' }
