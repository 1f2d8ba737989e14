/**
 * The links for larger text and another language keep the typed values: the action of 换一张, which makes the server
 * store them, is sent first. The links are outside <main>, so they are set up once and find the present form when clicked.
 */
for (const link of document.querySelectorAll('.tools a, footer nav a'))
  link.addEventListener('click', async (event) => {
    const form = document.querySelector('form[data-keeps]')
    if (!form || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    await sendAction(form, 'captcha')
    location.assign(link.href)
  })
