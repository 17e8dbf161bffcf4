import { expect, test, vi } from "vitest";
import type { HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
import type { PublishAnswer, PublishCall, Submission } from "../../src/hub-rpc/messages.ts";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import { RemoteHomes } from "../../src/streams/remote-homes.ts";

const STORED: PublishAnswer = { offset: 1, epoch: "" };

/** Homes that answer a call when they are told to. */
function homes() {
  const calls: (PublishCall & { readonly home: string; readonly answer: () => Promise<void> })[] = [];
  const schedule = vi.fn();
  const stubOf = (home: string) => {
    const publish = ({ submissions }: PublishCall) => {
      const { promise, resolve } = Promise.withResolvers<readonly PublishAnswer[]>();
      const answer = async () => {
        resolve(submissions.map(() => STORED));
        await vi.advanceTimersByTimeAsync(0);
      };
      calls.push({ home, hub: "edge/here/0", submissions, answer });
      return promise;
    };
    return { publish } as unknown as HubRpc;
  };
  const remote = new RemoteHomes({ name: "edge/here/0", stubOf, schedule });
  const answers: PublishAnswer[] = [];
  const publish = (home: string, length = 1) =>
    remote.submit(home, publication(home, length), (answer) => answers.push(answer));
  return { remote, calls, schedule, answers, publish };
}

function publication(channel: string, length: number): Submission {
  const data = "x".repeat(length) as unknown as string;
  return { kind: "publication", channel, skipHistory: false, publication: { data } } as unknown as Submission;
}

vi.useFakeTimers();

test("DELIV-16: what comes while a call to a home is under way leaves with one flush after its answer", async () => {
  const { remote, calls, schedule, publish } = homes();
  publish("home/a");
  remote.flush();
  for (let count = 0; count < 100; count += 1) {
    publish("home/a");
    remote.flush();
  }
  expect(calls).toHaveLength(1);
  await calls[0]?.answer();
  expect([calls.length, schedule.mock.calls.length]).toEqual([1, 1]);
  publish("home/a");
  remote.flush();
  expect(calls.map(({ submissions }) => submissions.length)).toEqual([1, 101]);
  await calls[1]?.answer();
  expect(schedule).toHaveBeenCalledTimes(1);
});

test("HUB-52: what waits for all homes, or is on its way, is bounded, and there is room again once it is answered", async () => {
  const { remote, calls, answers, publish } = homes();
  const length = 1_000_000;
  const fitting = Math.floor(HUB_LIMITS.allSubmissionsLength / (length + 300));
  for (let count = 0; count < fitting; count += 1) publish(`home/${count}`, length);
  remote.flush();
  expect([calls.length, answers]).toEqual([fitting, []]);
  publish("home/other", length);
  expect(answers).toEqual([{ errorCode: 111 }]);
  await calls[0]?.answer();
  publish("home/other", length);
  expect(answers).toEqual([{ errorCode: 111 }, STORED]);
  remote.flush();
  expect(calls.at(-1)?.home).toBe("home/other");
});
