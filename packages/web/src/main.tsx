import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import './styles/index.css'

const root = document.getElementById('app')
if (root === null) throw new Error('The page has no element with the id "app".')

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

// Only built pages have one; where the browser refuses it, the page just can't be opened while the server is away.
if (import.meta.env.PROD) {
  window.addEventListener('load', () => {
    navigator.serviceWorker?.register('/service-worker.js').catch(console.debug)
  })
}
