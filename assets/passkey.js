// The button 使用通行密钥 (WebAuthn Level 3, 5.1). The form carries the options, and gets the answer of the authenticator.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))

const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const withBytes = (credentials = []) =>
  credentials.map((credential) => ({ ...credential, id: bytes(credential.id) }))

/** Creates a passkey where the options have a user, else uses one. */
function askAuthenticator(options) {
  const challenge = bytes(options.challenge)
  if (!options.user) {
    const allowCredentials = withBytes(options.allowCredentials)
    return navigator.credentials.get({ publicKey: { ...options, challenge, allowCredentials } })
  }
  const user = { ...options.user, id: bytes(options.user.id) }
  const excludeCredentials = withBytes(options.excludeCredentials)
  return navigator.credentials.create({
    publicKey: { ...options, challenge, user, excludeCredentials },
  })
}

function toJson({ id, type, rawId, response, authenticatorAttachment }) {
  const names = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature']
  const parts = [...names, 'userHandle'].flatMap((name) =>
    response[name] ? [[name, base64url(response[name])]] : [],
  )
  const transports = response.getTransports?.()
  return JSON.stringify({
    ...{ id, type, rawId: base64url(rawId), authenticatorAttachment },
    response: { ...Object.fromEntries(parts), ...(transports && { transports }) },
    clientExtensionResults: {},
  })
}

for (const form of document.querySelectorAll('form[data-passkey]'))
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const said = form.querySelector('[role="alert"]')
    said.textContent = ''
    if (!window.PublicKeyCredential) {
      said.textContent = form.dataset.unsupported
      return
    }
    try {
      const credential = await askAuthenticator(JSON.parse(form.dataset.passkey))
      form.elements.credential.value = toJson(credential)
      form.submit()
    } catch {
      said.textContent = form.dataset.cancelled
    }
  })
