/**
 * Inserts the answer to `button` of `form` into the page; `sent` is the sent data. If the answer has the same form, it
 * replaces <main> only, else also the content beside it.
 */
function insertAnswer(page, { form, button, sent }) {
  const action = form.getAttribute('action')
  const again = [...page.querySelectorAll('main form')].find(
    (each) => each.getAttribute('action') === action,
  )
  const isRefused = Boolean(page.querySelector('.summary'))
  if (again) keepTyped(form, again, { sent, button, isRefused })
  // The browser would apply autofocus later, when the person may have moved on.
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
    moveFocus(nextFocus(main, button, isRefused))
  } else {
    scrollTo(0, 0)
    moveFocus(main.querySelector('.summary') ?? main)
  }
  setTimeout(announce, 100)
}

const seenLike = (main, { value }) =>
  [...main.querySelectorAll('button:not(.unseen)')].find((button) => button.value === value)

/**
 * Hides the text of live regions and returns a function that shows it, since a screen reader announces a text only if it
 * appears after its region. The hidden text already takes its space, so that no button moves when it appears.
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

/** Returns the element to focus: the error, the code field after a code was sent, or the previous position. */
function nextFocus(main, button, isRefused) {
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

function moveFocus(place) {
  place?.focus({ preventScroll: true })
  if (place) intoView(place)
}

/** Scrolls only as far as needed. */
function intoView(element) {
  const whole = element.closest('.field') ?? element
  const { top, bottom } = whole.getBoundingClientRect()
  if (top < 0 || bottom > innerHeight) whole.scrollIntoView({ block: 'nearest' })
}
