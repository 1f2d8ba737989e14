/**
 * The SMS button counts down to the moment when another message may be asked for; another phone needs not wait. Its
 * accessible name stays as it is, since people look for the button by its name.
 */
enhance((root) => {
  for (const button of root.querySelectorAll('button[data-again]')) {
    const countdown = document.createElement('span')
    countdown.setAttribute('aria-hidden', 'true')
    button.append(countdown)
    const until = Date.now() + Number(button.dataset.again) * 1000
    const phone = button.form.elements.namedItem('phone')
    const asked = phone?.value
    const tick = () => {
      const seconds = Math.ceil((until - Date.now()) / 1000)
      const waiting = seconds > 0 && phone?.value === asked
      countdown.textContent = waiting ? button.dataset.countdown.replace('{seconds}', seconds) : ''
      if (seconds <= 0) clearInterval(timer)
    }
    const timer = setInterval(tick, 1000)
    tick()
    phone?.addEventListener('input', tick)
  }
})
