/**
 * What was typed stays in the page that comes again, passwords included, which the server never sends back. A code
 * and a captcha have to be typed anew, but for a press that neither answers nor replaces them.
 */
function keepTyped(from, to, { sent, button, isRefused }) {
  const dropsCaptcha = button.value !== 'listen'
  const dropsCode = button.value === 'next' || (button.value === 'send' && !isRefused)
  for (const mine of from.elements) {
    const fresh = mine.id && to.querySelector(`#${CSS.escape(mine.id)}`)
    if (!fresh || fresh.readOnly || mine.type === 'hidden' || mine.matches('button, fieldset'))
      continue
    if (dropsCaptcha && mine.closest('[data-captcha]')) continue
    if (dropsCode && mine.autocomplete === 'one-time-code') continue
    if (mine.type === 'checkbox' || mine.type === 'radio') fresh.checked = mine.checked
    else if (!isCorrected(mine, fresh, sent.get(mine.name))) fresh.value = mine.value
  }
}

/** The server wrote something else into the field, and the person did not go on typing meanwhile. */
function isCorrected(mine, fresh, sent) {
  const plain = (text) => text.replace(/\s/g, '')
  if (!fresh.defaultValue || sent === null) return false
  return fresh.defaultValue !== sent && plain(mine.value) === plain(sent)
}
