/** Plays a match: a backend that publishes the score over HTTP whenever it changes. */
const { GATEWAY_URL = "http://localhost:8787", API_KEY = "for-development", PACE = "1000" } = process.env;

const teams = ["Nightjars", "Swifts"];
const goals = [0, 0];

for (let minute = 0; minute <= 90; minute += 5) {
  if (minute > 0 && Math.random() < 0.3) goals[Math.random() < 0.5 ? 0 : 1] += 1;
  const isOver = minute === 90;
  await publish("score:final", { teams, goals, minute, isOver });
  console.log(`${minute}' ${goals.join(":")}`);
  if (!isOver) await new Promise((resolve) => setTimeout(resolve, Number(PACE)));
}

async function publish(channel, data) {
  const response = await fetch(`${GATEWAY_URL}/api/publish`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-API-Key": API_KEY },
    body: JSON.stringify({ channel, data }),
  });
  const { error } = await response.json();
  if (error) throw new Error(error.message);
}
