const ANSWER = `The common poorwill is the one bird known to hibernate. When insects are scarce and nights are cold, it
settles between stones, lets its temperature fall to that of the air, and hardly breathes for weeks. The Hopi call it
Hölchko, the sleeping one. A gateway can do the same: between two messages there is nothing to do, so it sleeps, and its
connections stay open. You can reload this page while I write. What I have said so far comes back at once, and the rest
follows.`;

/** Stands in for a language model: whatever it is asked, it thinks for a moment and then says the same, word by word. */
export async function* askModel(_question: string): AsyncGenerator<string> {
  for (const token of ANSWER.split(/(?<=\s)/)) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    yield token.replace("\n", " ");
  }
}
