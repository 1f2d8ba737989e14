/** The answer of each step of 更换手机号, by the step's name; `proved`: an imported registration became an account. */
export type PhoneChange = { readonly details: 'changed' | 'proved' }
