// SPDX-License-Identifier: EUPL-1.2

import { follow } from "./live.js";
import { region } from "./region.js";

const choices = document.getElementById("choices");
const busy = document.getElementById("busy");
const away = document.getElementById("away");
const idle = document.getElementById("idle");

/** Takes a number. The screen's key makes any repetition harmless, so a lost answer is asked for again. */
async function take(form, button) {
  const choice = document.createElement("input");
  choice.type = "hidden";
  choice.name = button.name;
  choice.value = button.value;
  form.append(choice);
  busy.showModal();
  for (let tries = 0; tries < 5; tries++) {
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), signal: AbortSignal.timeout(15_000),
      });
      if (answer.ok && answer.redirected) return location.replace(answer.url);
      // A refusal: the page that it leads to says why. Other troubles may pass.
      if (answer.status < 500 || answer.headers.get("Content-Type")?.startsWith("text/html")) return form.submit();
    } catch {
      // no answer: the next try tells what became of this one
    }
    await new Promise((done) => setTimeout(done, 1000));
  }
  busy.close();
  choice.remove();
  away.showModal();
}

choices?.addEventListener("submit", (event) => {
  if (!event.submitter?.name) return;
  event.preventDefault();
  take(event.target, event.submitter);
});

if (choices) {
  const fetchChoices = region(choices);
  const page = follow({
    on: ["board", "office", "warnings"],
    refresh: async () => (busy.open ? 0 : fetchChoices()), // not under the finger: the form that was touched must stay
    onState(state) {
      if (state === "stale" && !away.open) away.showModal();
      if (state !== "stale" && away.open) away.close();
    },
  });
  setInterval(page.refresh, 30_000); // waits grow also while nothing happens
}

// A number whose paper is still on its way: the screen says what becomes of it.
const ticket = document.getElementById("ticket");
const unsettled = () => ticket?.querySelector('[data-settled="false"]');
if (unsettled()) {
  const fetchTicket = region(ticket);
  const watch = setInterval(async () => {
    await fetchTicket();
    if (!unsettled()) clearInterval(watch);
  }, 2000);
}

// Who walks away leaves a fresh screen to the next one, but nobody is thrown out
// without being asked.
const home = document.querySelector("[data-home]");
if (home) {
  const patience = Number(home.dataset.idle) * 1000;
  let timer = 0;
  let waits = 3; // for a paper that does not come
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, patience);
  };
  const leave = () => {
    if (busy?.open || (unsettled() && waits-- > 0)) return restart();
    if (!idle || idle.open) return location.replace(home.dataset.home);
    idle.showModal();
    timer = setTimeout(leave, 15_000);
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, restart);
  idle?.addEventListener("close", restart);
  restart();
}
