/** The answer of the address, read without an SDK. EventSource comes back by itself, from where it was. */
const [question, answer, status] = ["question", "answer", "status"].map((id) => document.getElementById(id));
// What the channel keeps comes first: a reload shows the answer from its first token on.
const subs = { [`answer:${location.hash.slice(1)}`]: { recover: true } };
const request = encodeURIComponent(JSON.stringify({ subs }));
const source = new EventSource(`/connection/uni_sse?cf_connect=${request}`);

source.onmessage = ({ data }) => {
  const { pub } = JSON.parse(data);
  if (pub) show(pub.data);
};

function show(data) {
  if (data.question) question.textContent = data.question;
  if (data.token) answer.append(data.token);
  status.textContent = { done: "", failed: "The model has failed." }[data.end] ?? "writing …";
  if (data.end) source.close();
}
