import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { budget } from './build/budget.ts'
import { compress } from './build/compress.ts'
import { offline } from './build/offline.ts'
import { withoutJsonSchema } from './build/without-json-schema.ts'

const KiB = 1024

export default defineConfig({
  plugins: [react(), withoutJsonSchema(), budget(350 * KiB), offline(), compress()],
  build: {
    outDir: 'dist',
    // Fonts and icons stay files: a `data:` address would need a wider content security policy.
    assetsInlineLimit: 0,
    // The polyfill is an inline script in disguise of a module; every browser that runs the rest has it built in.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      treeshake: {
        // What importing these does is only what it exports: without this the Markdown reader, which only the
        // server needs, would come along.
        moduleSideEffects: (id) => !/\/packages\/(?:prose|protocol|client|react)\/src\//.test(id),
      },
    },
  },
})
