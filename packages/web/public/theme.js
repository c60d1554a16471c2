// Runs before the first paint, so that a chosen theme never flashes as the other one.
;(() => {
  try {
    const theme = localStorage.getItem('storyweave.theme')
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  } catch {
    // Storage is switched off: the system's theme holds.
  }
})()
