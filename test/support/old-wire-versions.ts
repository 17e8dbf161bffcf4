import type { CallForms, MethodForms } from "../../src/hub-rpc/call-forms.ts";
import type { Method } from "../../src/hub-rpc/hub-rpc.ts";
import { version1 } from "../../src/hub-rpc/version-1/forms.ts";
import { type WireVersions, wireVersions } from "../../src/hub-rpc/wire-versions.ts";

/** The versions of a build before this one: it knows version 1 of calls and of what is stored, and no other. */
export const oldWireVersions: WireVersions = onlyVersion1(version1);

/**
 * The same of the first build, as far as presence goes: it asks for members only, whatever is to be known of them, and
 * neither sends nor reads what its calls have got since.
 */
export const firstWireVersions: WireVersions = onlyVersion1({
  ...version1,
  presence: reduced(version1.presence, ({ channel, asker, members }) => ({ channel, asker, members })),
  members: reduced(version1.members, ({ channel }) => ({ channel })),
  publish: reduced(version1.publish, ({ submissions }) => ({
    submissions: (submissions as { kind: string; isPresent?: boolean }[]).map(
      ({ isPresent: _, ...submission }) => submission,
    ),
  })),
});

function onlyVersion1(forms: CallForms): WireVersions {
  const { stored } = wireVersions;
  return { stored: { ...stored, current: 1 }, calls: { current: 1, oldest: 1, forms: { 1: forms } } };
}

/** Forms of which only what `reduce` leaves of a call goes out and comes in. Whoever called knows what it wanted. */
function reduced<Name extends Method>(
  forms: MethodForms<Name> | undefined,
  reduce: (call: Readonly<Record<string, unknown>>) => object,
): MethodForms<Name> {
  if (forms === undefined) throw new Error("version 1 does not name the method");
  const known = (call: object) => reduce(call as Readonly<Record<string, unknown>>);
  const wanted = new WeakMap<object, object>();
  return {
    writeCall: (call) => {
      const whole = forms.writeCall(call);
      const written = known(whole);
      wanted.set(written, whole);
      return written;
    },
    readCall: (written) => forms.readCall(known(written)),
    writeAnswer: (answer, written) => forms.writeAnswer(answer, known(written)),
    readAnswer: (answer, written) => forms.readAnswer(answer, wanted.get(written) ?? written),
  };
}
