/** The summary of what is wrong is read first. */
document.querySelector('.summary')?.focus()
