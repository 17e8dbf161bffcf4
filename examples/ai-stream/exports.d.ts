/** What `exports` of "cloudflare:workers" holds: that which the Worker exports. `wrangler types` writes the same. */
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("./worker.ts");
  }
}
