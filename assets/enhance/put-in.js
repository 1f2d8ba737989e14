/**
 * Puts an answered page in the place of this one, after `button` of `form` sent what `sent` says: the same form again
 * in <main>, any other page with what stands beside it.
 */
function putIn(page, { form, button, sent }) {
  const action = form.getAttribute('action')
  const again = [...page.querySelectorAll('main form')].find(
    (each) => each.getAttribute('action') === action,
  )
  const isRefused = Boolean(page.querySelector('.summary'))
  if (again) keepTyped(form, again, { sent, button, isRefused })
  // The browser would focus this later, when the person is somewhere else perhaps.
  for (const element of page.querySelectorAll('[autofocus]')) element.removeAttribute('autofocus')
  const announce = silenced(page)
  const before = button.getBoundingClientRect().top
  const around = again ? 'main' : '.columns'
  const place = document.querySelector(around)
  place.replaceChildren(...page.querySelector(around).childNodes)
  document.title = page.title
  const main = document.querySelector('main')
  main.removeAttribute('aria-busy')
  contentAdded(place)
  if (again) {
    const same = seenLike(main, button)
    if (same) scrollBy(0, same.getBoundingClientRect().top - before)
    goOnAt(nextPlace(main, button, isRefused))
  } else {
    scrollTo(0, 0)
    goOnAt(main.querySelector('.summary') ?? main)
  }
  setTimeout(announce, 100)
}

const seenLike = (main, { value }) =>
  [...main.querySelectorAll('button:not(.unseen)')].find((button) => button.value === value)

/**
 * Live regions are read when their text comes after them, so it is hidden until the rest stands on the page; gives what
 * shows it. It takes its place at once: a button that moves when the text appears would be missed by a quick press.
 */
function silenced(root) {
  const hidden = [...root.querySelectorAll('[role="status"], [aria-live]')].map((region) => {
    const words = document.createElement('span')
    words.className = 'silent'
    words.append(...region.childNodes)
    region.append(words)
    return words
  })
  return () => {
    for (const words of hidden) words.replaceWith(...words.childNodes)
  }
}

/** Where the person goes on: at what is wrong, at the code that was sent, or where they were. */
function nextPlace(main, button, isRefused) {
  if (isRefused) {
    const fault = button.value === 'send' && main.querySelector('form [aria-invalid="true"]')
    return fault || main.querySelector('.summary')
  }
  if (button.value === 'send') return main.querySelector('input[autocomplete="one-time-code"]')
  const sound = button.value === 'listen' && main.querySelector('audio')
  if (sound) sound.play().catch(() => {})
  const input = button.closest('.field')?.querySelector('input, select')
  return seenLike(main, button) ?? (input && document.getElementById(input.id)) ?? main
}

function goOnAt(place) {
  place?.focus({ preventScroll: true })
  if (place) intoView(place)
}

/** Scrolls only as far as it has to. */
function intoView(element) {
  const whole = element.closest('.field') ?? element
  const { top, bottom } = whole.getBoundingClientRect()
  if (top < 0 || bottom > innerHeight) whole.scrollIntoView({ block: 'nearest' })
}
