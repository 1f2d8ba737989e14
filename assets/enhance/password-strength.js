/** Shows the strength of a new password while it is typed. The estimator is large, so it is loaded when the field gets the focus. */
enhance((root) => {
  for (const shown of root.querySelectorAll('[data-strength]')) {
    const input = document.getElementById(shown.dataset.for)
    const meter = shown.querySelector('meter')
    const words = shown.querySelector('[aria-live]')
    let timer
    const show = () => {
      shown.hidden = !input.value
      if (!input.value || !window.passwordScore) return
      const others = [input.form.elements.username?.value ?? '']
      const score = window.passwordScore(input.value, others)
      meter.value = score + 1
      const text = shown.dataset.words.split('|')[score]
      if (words.textContent !== text) words.textContent = text
    }
    // The delay keeps a screen reader from announcing the strength at every key.
    input.addEventListener('input', () => {
      clearTimeout(timer)
      timer = setTimeout(show, 300)
    })
    input.addEventListener('focus', () => strengthLoaded(shown.dataset.strength, show))
  }
})

/** Loads the estimator once. If that fails, the page works without it. */
function strengthLoaded(address, then) {
  if (window.passwordScore) return then()
  const script =
    document.querySelector('script[data-estimator]') ?? document.createElement('script')
  script.addEventListener('load', then)
  if (script.isConnected) return
  script.dataset.estimator = ''
  script.src = address
  script.addEventListener('error', () => script.remove())
  document.head.append(script)
}
