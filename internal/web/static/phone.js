// SPDX-License-Identifier: EUPL-1.2

// A citizen's own page asks from time to time how things stand: phones come and go, and a hall full of
// them must not hold the streams of the hall's screens.

import { region } from "./region.js";

const EVERY = 5000; // ms between two questions
const STALE = 30_000; // ms without an answer until the page must not be trusted

const body = document.body;
const state = document.getElementById("state");
if (state) {
  const ask = region(state);
  let trueAt = performance.now();
  let timer = 0;

  async function look() {
    clearTimeout(timer);
    if ((await ask()) !== null) {
      trueAt = performance.now();
      body.dataset.state = "live";
    } else {
      body.dataset.state = performance.now() - trueAt > STALE ? "stale" : "reconnecting";
    }
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(look, EVERY * (0.8 + Math.random() * 0.4));
  }

  document.getElementById("link").hidden = false;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    // What a page in the background showed may be old.
    if (performance.now() - trueAt > STALE) body.dataset.state = "stale";
    look();
  });
  look();
}
