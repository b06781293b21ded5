import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import preset from 'postcss-preset-mantine';
import { defineConfig } from 'vite';

/** Builds the web console into `dist/console`, which the server hands out at `/`. */
export default defineConfig({
  root: 'src/console',
  plugins: [react()],
  resolve: { alias: { zod: fileURLToPath(new URL('./src/console/app/no-schemas.ts', import.meta.url)) } },
  css: { postcss: { plugins: [preset()] } },
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    assetsDir: 'assets',
    target: 'es2023',
    reportCompressedSize: false,
  },
});
