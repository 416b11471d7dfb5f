// SPDX-License-Identifier: EUPL-1.2

// A citizen's own page asks from time to time how things stand: phones come and go, and a hall full of
// them must not hold the streams of the hall's screens.

import { region } from "./region.js";

const EVERY = 5000; // ms between two questions
const STALE = 30_000; // ms without an answer until the page must not be trusted

const body = document.body;
const state = document.getElementById("state");
if (state) {
  const ask = region(state, told);
  let trueAt = performance.now();
  let timer = 0;
  let status = "";
  let bell = null; // once the citizen has asked for it

  /** Says in the tab's title how things stand, and rings when it is the citizen's turn. */
  function told() {
    const tell = state.querySelector("[data-status]");
    document.title = tell.dataset.title;
    if (tell.dataset.status === "called" && status && status !== "called") ring();
    status = tell.dataset.status;
    document.getElementById("alert").hidden = status === "ended";
  }

  function ring() {
    if (!bell) return;
    navigator.vibrate?.([300, 150, 300, 150, 600]);
    [0, 0.35, 0.7].forEach((at, i) => {
      const tone = new OscillatorNode(bell, { frequency: [660, 550, 880][i] });
      const loud = new GainNode(bell, { gain: 0.25 });
      tone.connect(loud).connect(bell.destination);
      tone.start(bell.currentTime + at);
      tone.stop(bell.currentTime + at + 0.3);
    });
  }

  async function look() {
    clearTimeout(timer);
    if ((await ask()) !== null) {
      trueAt = performance.now();
      body.dataset.state = "polling";
    } else {
      body.dataset.state = performance.now() - trueAt > STALE ? "stale" : "reconnecting";
    }
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(look, EVERY * (0.7 + Math.random() * 0.4));
  }

  const alert = document.querySelector("#alert button");
  alert.addEventListener("click", () => {
    bell = new AudioContext(); // only a touch may start one
    alert.textContent = alert.dataset.then;
    alert.disabled = true;
    navigator.vibrate?.(100);
  });

  document.getElementById("link").hidden = false;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    // What a page in the background showed may be old.
    if (performance.now() - trueAt > STALE) body.dataset.state = "stale";
    look();
  });
  told();
  look();
}
