import type { Env as GatewayEnv } from "../../src/deployment/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends GatewayEnv {}
    interface GlobalProps {
      mainModule: typeof import("./worker.ts");
    }
  }
}
