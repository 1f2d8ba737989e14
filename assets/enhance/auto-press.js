/** A button whose decision the person has already made is pressed automatically. */
enhance((root) => root.querySelector('button[data-go]')?.click())
