import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { finishBuild } from './build/finish-build.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), finishBuild()],
  resolve: { conditions: ['@trueup/source', 'module', 'browser', 'development|production'] },
  build: {
    outDir: '../service/dist/dashboard/files',
    emptyOutDir: true,
    // The content security policy lets in nothing that stands in a page or an address itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Each file is a request: without these, an icon that two pages share would be a file of its own. What is large
        // stays with the pages that show it.
        codeSplitting: {
          groups: [
            { name: 'icons', test: /[\\/]node_modules[\\/]lucide-react[\\/]/ },
            { name: 'parts', test: /[\\/]dashboard[\\/]src[\\/]/, minShareCount: 4, maxModuleSize: 12_000 },
          ],
        },
      },
    },
  },
  server: {
    port: 7311,
    // `npm run dev -w packages/dashboard` shows the sources as they are, against a service at its usual address.
    proxy: { '/api': { target: 'http://localhost:7310' } },
  },
})
