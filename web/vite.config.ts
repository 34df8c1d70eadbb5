// How the client is built and tested. The result in dist/ is embedded in the binary and calls nothing but its own origin.
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'

export default defineConfig(({ mode }) => ({
  plugins: [
    vue(),
    // Element Plus by name, on demand; our own components are imported where they are used.
    components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: mode === 'test' ? false : 'css' })] }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
  build: { target: 'es2022', manifest: true, reportCompressedSize: false, chunkSizeWarningLimit: 700 },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
    restoreMocks: true,
    unstubGlobals: true,
  },
}))
