/** What the only step of 更换手机号 leaves. */
export type PhoneChange = { readonly details: 'changed' }
