/** Sends a form with this action by fetch. The page is not changed. */
function sendAction(form, action) {
  const body = new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === 'string'))
  body.set('action', action)
  return fetch(form.getAttribute('action'), { method: 'POST', body }).catch(() => undefined)
}
