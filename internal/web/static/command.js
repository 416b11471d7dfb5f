// SPDX-License-Identifier: EUPL-1.2

// Sending a command to the API and telling a person what came of it.

const fault = document.getElementById("fault");

/** A name for one wish, so that the same wish is never granted twice. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/**
 * Sends a command, at most three times under the same key. Gives the answer, or
 * null when it was refused; then the page says why.
 */
export async function command(path, body, offline) {
  const headers = {
    "Content-Type": "application/json", "Idempotency-Key": newKey(), "Accept-Language": document.body.dataset.lang,
  };
  fault.hidden = true;
  for (let tries = 0; tries < 3; tries++) {
    try {
      const answer = await fetch("/api/v1/" + path, {
        method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(10_000),
      });
      const data = await answer.json();
      if (answer.ok) return data;
      say(data.title);
      return null;
    } catch {
      await new Promise((done) => setTimeout(done, 500));
    }
  }
  say(offline);
  return null;
}

function say(text) {
  fault.textContent = text;
  fault.hidden = false;
}
