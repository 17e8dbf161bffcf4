import { advance, connectRoom, dropConnections, expectSleeps, sleep } from "poorwill/testing";
import { expect, test } from "vitest";

const MINUTE = 60_000;

/** A poll that no other test uses. */
const newPoll = () => `/rooms/poll/${crypto.randomUUID()}`;

async function vote(path: string, name: string, choice: string) {
  const client = await connectRoom(`${path}?name=${name}`);
  client.send(choice);
  expect(await client.next()).toBe("counted");
  return client;
}

test("who has no name is refused", async () => {
  await expect(connectRoom(newPoll())).rejects.toThrow("refused with 401: who are you?");
});

test("after a minute everybody gets the result, though the room has slept meanwhile", async () => {
  const path = newPoll();
  const [ada, bob] = [await vote(path, "ada", "tea"), await vote(path, "bob", "coffee")];
  await sleep(path);
  await advance(MINUTE);
  expect(await ada.next()).toBe('{"tea":1,"coffee":1}');
  expect(await bob.next()).toBe('{"tea":1,"coffee":1}');
});

test("who comes back has still one vote", async () => {
  const path = newPoll();
  const ada = await vote(path, "ada", "tea");
  dropConnections();
  expect((await ada.closed).code).toBe(1006);
  const again = await vote(path, "ada", "coffee");
  await advance(MINUTE);
  expect(await again.next()).toBe('{"coffee":1}');
});

test("while it waits for votes it sleeps", async () => {
  const path = newPoll();
  await vote(path, "ada", "tea");
  await expectSleeps(path);
});
