import { defineConfig, type Plugin } from 'vite';

/**
 * GraphiQL previews every image address that the pointer meets in an answer, by fetching it: an address out of a
 * customer's record would tell a stranger's server who is looking. The preview is built out.
 */
const withoutImagePreview: Plugin = {
  name: 'without-image-preview',
  load(id) {
    if (!/@graphiql\/react\/dist\/components\/image-preview\.js$/.test(id)) return null;
    return `
      export const ImagePreview = Object.assign(() => null, { shouldRender: () => false });
      export const pathToURL = () => undefined;
    `;
  },
};

export default defineConfig({
  base: '/graphiql/',
  plugins: [withoutImagePreview],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    sourcemap: false,
    // The editor is one large piece; the page is served from the same machine or the same rack.
    chunkSizeWarningLimit: 5000,
    license: { fileName: 'licenses.md' },
  },
});
