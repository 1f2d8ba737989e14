/**
 * Copies the typed values into the form that is shown again, passwords included, which the server never sends back.
 * A code or a captcha is copied only if the pressed button neither used nor replaced it.
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

/** Whether the server has changed the value and the person has not edited it meanwhile. */
function isCorrected(mine, fresh, sent) {
  const plain = (text) => text.replace(/\s/g, '')
  if (!fresh.defaultValue || sent === null) return false
  return fresh.defaultValue !== sent && plain(mine.value) === plain(sent)
}
