import type { NamespaceConfig } from "../../src/channels/namespaces.ts";
import { optionEntries } from "../../src/channels/option-schema.ts";
import type { ChannelOptions } from "../../src/channels/options.ts";
import type { Source } from "./source.ts";

const SECONDS: ReadonlySet<string> = new Set(["history_ttl", "history_meta_ttl"]);

/** Kinds of questions about channels that a namespace turns on by itself. */
export const CHANNEL_QUESTIONS = ["subscribe", "publish", "sub_refresh"] as const;
export type ChannelQuestion = (typeof CHANNEL_QUESTIONS)[number];

export interface ReadNamespaces {
  readonly withoutNamespace: Partial<ChannelOptions> | undefined;
  readonly namespaces: readonly NamespaceConfig[];
  /** The namespaces that a backend is asked about; "" is channels without one. */
  readonly asked: Readonly<Record<ChannelQuestion, readonly string[]>>;
}

export function readNamespaces(source: Source): ReadNamespaces {
  const metaTtl = source.seconds("channel.history_meta_ttl");
  const named = source.items("channel.namespaces").flatMap((part) => {
    const name = part.text("name");
    // What it holds is then listed as not carried over.
    return name === undefined ? [] : [{ name, ...readNamespace(part, metaTtl) }];
  });
  const unnamed = source.has("channel.without_namespace")
    ? readNamespace(source.section("channel.without_namespace"), metaTtl)
    : undefined;
  const all = [...(unnamed === undefined ? [] : [{ name: "", ...unnamed }]), ...named];
  const askedIn = (question: ChannelQuestion) =>
    all.filter(({ asked }) => asked.includes(question)).map(({ name }) => name);
  return {
    withoutNamespace: unnamed?.options,
    namespaces: named.map(({ name, options }) => ({ name, ...options })),
    asked: {
      subscribe: askedIn("subscribe"),
      publish: askedIn("publish"),
      sub_refresh: askedIn("sub_refresh"),
    },
  };
}

function readNamespace(part: Source, metaTtl: number | undefined) {
  return { options: readOptions(part, metaTtl), asked: questionsOf(part) };
}

/** Options have the same names. Those that are off are left out, as this is what they are anyway. */
function readOptions(part: Source, metaTtl: number | undefined): Partial<ChannelOptions> {
  const options = part
    .keys()
    .filter((key) => Object.hasOwn(optionEntries, key) && key !== "home_region")
    .map((key) => [key, SECONDS.has(key) ? part.seconds(key) : part.value(key)] as const)
    .filter(([, value]) => value !== undefined && value !== false && value !== 0 && value !== "");
  const own: Partial<ChannelOptions> = Object.fromEntries(options);
  return metaTtl === undefined || own.history_size === undefined
    ? own
    : { history_meta_ttl: metaTtl, ...own };
}

function questionsOf(part: Source): readonly ChannelQuestion[] {
  return CHANNEL_QUESTIONS.filter((question) => {
    const proxy = part.text(`${question}_proxy_name`) ?? "default";
    if (proxy !== "default")
      part.leave(`${question}_proxy_name`, "one endpoint for each kind; a hook can choose");
    return part.flag(`${question}_proxy_enabled`) === true && proxy === "default";
  });
}
