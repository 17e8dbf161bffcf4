import type { MembersCall, PresenceCall, PublishCall } from "../../src/hub-rpc/messages.ts";
import { type WireVersions, wireVersions } from "../../src/hub-rpc/wire-versions.ts";

/**
 * The forms of the first build, as far as presence goes: it asks for members only, whatever is to be known of them, and
 * neither sends nor reads what its calls have got since.
 */
export const firstWireVersions: WireVersions = {
  ...wireVersions,
  write: (what, value) => (what === "call" ? asFirstBuild(value) : value),
  read: (what, value) => (what === "call" ? asFirstBuild(value) : value),
};

function asFirstBuild<Value>(value: Value): Value {
  return known(value as object) as Value;
}

function known(call: object): object {
  if ("asker" in call) {
    const { channel, asker, members } = call as PresenceCall;
    return { channel, asker, members };
  }
  if ("submissions" in call) {
    const submissions = (call as PublishCall).submissions.map((submission) => {
      if (submission.kind === "publication") return submission;
      const { kind, channel, info } = submission;
      return { kind, channel, info };
    });
    return { submissions };
  }
  const isMembersCall = "channel" in call && !("reverse" in call);
  return isMembersCall ? { channel: (call as MembersCall).channel } : call;
}
