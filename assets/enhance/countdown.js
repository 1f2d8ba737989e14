/**
 * The SMS button is disabled until another message is allowed for the same phone. The remaining time is the button's
 * description, so that its accessible name stays the same and a screen reader does not announce each second.
 */
enhance((root) => {
  for (const button of root.querySelectorAll('button[data-again]')) {
    const countdown = document.createElement('span')
    countdown.setAttribute('aria-hidden', 'true')
    button.append(countdown)
    const description = document.createElement('span')
    description.className = 'unseen'
    description.id = 'send-again'
    button.after(description)
    const until = Date.now() + Number(button.dataset.again) * 1000
    const phone = button.form.elements.namedItem('phone')
    const asked = phone?.value
    const tick = () => {
      const seconds = Math.ceil((until - Date.now()) / 1000)
      const waiting = seconds > 0 && phone?.value === asked
      const left = waiting ? button.dataset.countdown.replace('{seconds}', seconds) : ''
      countdown.textContent = left
      description.textContent = left
      button.disabled = waiting
      if (waiting) button.setAttribute('aria-describedby', description.id)
      else button.removeAttribute('aria-describedby')
      if (seconds <= 0 || !button.isConnected) clearInterval(timer)
    }
    const timer = setInterval(tick, 1000)
    tick()
    phone?.addEventListener('input', tick)
  }
})
