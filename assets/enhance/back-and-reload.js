/** A page that comes back from the browser's memory may be out of date, and its forms are marked as sent. */
addEventListener('pageshow', (event) => event.persisted && location.reload())

/** The answer to a form has the address of that page: a reload or a return then gets the page and sends nothing anew. */
if (document.querySelector('.summary')) history.replaceState(null, '', location.href)
