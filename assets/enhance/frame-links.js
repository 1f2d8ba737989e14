/**
 * Larger text and another language leave what was typed where it is: pressing 换一张 makes the server keep it, so that
 * is done first. The links stand outside of <main>: they are set up once, and look for the form that stands there then.
 */
for (const link of document.querySelectorAll('.tools a, footer nav a'))
  link.addEventListener('click', async (event) => {
    const keeping = document.querySelector('form[data-keeps]')
    if (!keeping || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    await pressed(keeping, 'captcha')
    location.assign(link.href)
  })
