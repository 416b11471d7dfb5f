// SPDX-License-Identifier: EUPL-1.2

import { follow, now, wallClock } from "./live.js";
import { region } from "./region.js";

const board = document.getElementById("board");
const clock = document.getElementById("clock");
const since = document.getElementById("stale-since");
let known = calls();

function calls() {
  return new Set([...board.querySelectorAll("[data-call]")].map((e) => e.dataset.call));
}

/** Draws the eye to calls that are new. What was called during an outage is shown, not announced. */
function mark() {
  const before = known;
  known = calls();
  if (document.body.dataset.state !== "live") return;
  for (const e of board.querySelectorAll("[data-call]")) {
    if (!before.has(e.dataset.call)) e.classList.add("is-fresh");
  }
}

function tick() {
  clock.textContent = wallClock(now());
}

follow({
  on: ["call", "board", "office"],
  refresh: region(board, mark),
  onState(state, trueAt) {
    if (state === "stale") since.textContent = wallClock(trueAt);
  },
});
setInterval(tick, 1000);
tick();
