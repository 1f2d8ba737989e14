/** A button of 长者模式 reads the page aloud, where the browser supports it. */
enhance((root) => {
  for (const button of root.querySelectorAll('button[data-read-aloud]')) {
    if (!window.speechSynthesis) continue
    button.hidden = false
    const label = button.textContent
    button.addEventListener('click', () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel()
        button.textContent = label
        return
      }
      // biome-ignore lint/performance/useDomNodeTextContent: hidden text must not be read
      const speech = new SpeechSynthesisUtterance(document.querySelector('main').innerText)
      speech.lang = document.documentElement.lang
      speech.onend = () => {
        button.textContent = label
      }
      speechSynthesis.speak(speech)
      button.textContent = button.dataset.readAloud
    })
  }
})
