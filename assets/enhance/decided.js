/** A button for what the person has decided already is pressed by itself. */
enhance((root) => root.querySelector('button[data-go]')?.click())
