/** What the server answers when this button of a form is pressed; the page stays. */
function pressed(form, action) {
  const body = new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === 'string'))
  body.set('action', action)
  return fetch(form.getAttribute('action'), { method: 'POST', body }).catch(() => undefined)
}
