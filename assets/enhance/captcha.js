/** 换一张 and 听验证码 change the captcha only, so that a typed password stays. */
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-captcha] button')
  if (!button || !window.fetch) return
  event.preventDefault()
  const { form } = button
  const answer = await pressed(form, button.value)
  const page = new DOMParser().parseFromString((await answer?.text()) ?? '', 'text/html')
  const fresh = page.querySelector('[data-captcha]')
  if (!fresh) return location.reload()
  form.querySelector('[data-captcha]').replaceWith(fresh)
  for (const hidden of page.querySelectorAll('form input[type="hidden"]')) {
    const mine = form.elements.namedItem(hidden.name)
    if (mine) mine.value = hidden.value
  }
  fresh
    .querySelector('audio')
    ?.play()
    .catch(() => {})
  fresh.querySelector(`button[value="${button.value}"]`)?.focus()
})
