/** The error summary gets the focus, so that a screen reader reads it first. */
document.querySelector('.summary')?.focus()
