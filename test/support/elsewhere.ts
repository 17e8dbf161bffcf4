/** What the Worker under test reaches beyond itself: one host that never answers, and no other. */
export function beyond({ url }: { readonly url: string }): Promise<Response> | Response {
  if (new URL(url).hostname === "silent.test") return new Promise(() => {});
  return new Response(null, { status: 502 });
}

/** Another Worker, with an object that answers its name. */
export const elsewhere = {
  name: "elsewhere",
  modules: true,
  script: `
    import { DurableObject } from "cloudflare:workers";
    export class Elsewhere extends DurableObject {
      fetch() { return new Response(this.ctx.id.name); }
    }
    export default {};
  `,
  durableObjects: { ELSEWHERE: { className: "Elsewhere", useSQLite: true } },
};
