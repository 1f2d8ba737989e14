/** A page from the back/forward cache is reloaded, since it may be outdated and its forms are marked as sent. */
addEventListener('pageshow', (event) => event.persisted && location.reload())

/** A refused form gets the address of its page, so that a reload or a return does not send the form again. */
if (document.querySelector('.summary')) history.replaceState(null, '', location.href)
