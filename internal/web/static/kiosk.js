// SPDX-License-Identifier: EUPL-1.2

import { keyboard } from "./keyboard.js";
import { follow } from "./live.js";
import { region } from "./region.js";

const kiosk = document.querySelector(".kiosk");
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

  // What is sought is found while it is written.
  const field = document.getElementById("q");
  if (field) {
    let timer = 0;
    const seek = () => {
      const address = new URL(choices.dataset.region, location);
      address.searchParams.set("q", field.value);
      choices.dataset.region = address.pathname + address.search;
      const own = new URL(location);
      own.searchParams.set("q", field.value);
      history.replaceState(null, "", own);
      page.refresh();
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(seek, 200);
    });
    document.getElementById("seek").addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      seek();
    });
    keyboard(document.getElementById("keys"), field);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }
}

// A paper that is asked for again takes some seconds.
document.getElementById("ticket")?.addEventListener("submit", () => busy.showModal());
addEventListener("pageshow", (event) => event.persisted && busy.close());

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

// Whoever cannot read it hears what has the focus, and where they are.
if (kiosk.dataset.aloud) {
  let sound = new Audio();
  const say = (element) => {
    const what = element?.closest("[data-say]")?.dataset.say;
    if (!what) return;
    sound.pause();
    sound = new Audio(kiosk.dataset.aloud + "&" + what);
    sound.play().catch(() => {}); // a browser that plays nothing says nothing
  };
  addEventListener("focusin", (event) => say(event.target));
  say(document.querySelector("h1[data-say]"));
}

// Who walks away leaves a fresh screen to the next one, but nobody is thrown out
// without being asked.
if (kiosk.dataset.home) {
  const patience = Number(kiosk.dataset.idle) * 1000;
  const warning = Number(kiosk.dataset.warning);
  const rest = document.getElementById("rest");
  let timer = 0;
  let waits = 3; // for a paper that does not come
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, patience);
  };
  const ask = () => {
    if (busy.open || (unsettled() && waits-- > 0)) return restart();
    idle.showModal();
    count(warning);
  };
  const count = (seconds) => {
    rest.textContent = String(seconds);
    if (seconds === 0) return location.replace(kiosk.dataset.home);
    timer = setTimeout(count, 1000, seconds - 1);
  };
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => {
      if (idle.open) idle.close(); // whoever touches anything is there
      restart();
    });
  }
  idle.addEventListener("close", restart);
  restart();
}
