// SPDX-License-Identifier: EUPL-1.2

import { announcer } from "./announce.js";
import { player } from "./audio.js";
import { follow, fresh, now, wallClock } from "./live.js";
import { region } from "./region.js";

const LATE = 60_000; // ms after which a call that arrives is no news
const REST = 20 * 3600_000; // ms after which a page that rests at night is loaded anew

const body = document.body;
const wall = document.getElementById("wall");
const board = document.getElementById("board");
const stage = document.getElementById("stage");
const clock = document.getElementById("clock");
const since = document.getElementById("stale-since");
const unmute = document.getElementById("unmute");
const chime = wall.dataset.chime;
const repeat = Number(wall.dataset.repeat);
const arrows = Object.fromEntries(wall.dataset.arrows.split(" ").map((pair) => pair.split(":")));
const part = (name) => document.getElementById("stage-" + name);

for (const name of ["number", "row", "rows"]) document.documentElement.style.setProperty("--" + name, wall.dataset[name]);

function line(key) {
  return board.querySelector(`[data-call="${CSS.escape(key)}"]`);
}

/** The line of a call lights up while it is on the stage. */
let staged = null;
function light() {
  for (const e of board.querySelectorAll(".is-staged")) e.classList.remove("is-staged");
  if (staged) line(staged.of)?.classList.add("is-staged");
}

function show(call) {
  staged = call;
  document.documentElement.style.setProperty("--chars", Math.max(3, call.number.length));
  part("number").textContent = call.number;
  part("label").textContent = call.label;
  part("again").hidden = !call.again;
  if (call.arrow) part("arrow").dataset.to = call.arrow;
  else delete part("arrow").dataset.to;
  stage.hidden = false;
  stage.classList.remove("is-fresh");
  void stage.offsetWidth; // the animation begins anew
  stage.classList.add("is-fresh");
  light();
}

function hide() {
  staged = null;
  stage.hidden = true;
  light();
}

const sounds = player((state, heard) => {
  unmute.hidden = state === "plays";
  if (body.dataset.sound === state) return;
  body.dataset.sound = state;
  if ("reports" in wall.dataset) {
    fetch("/hall/sound", { method: "POST", body: new URLSearchParams({ sound: state, heard: heard.toFixed(2) }) }).catch(() => {});
  }
});

const announce = announcer({
  show,
  hide,
  play: (list, volume) => sounds.all(list, volume),
  // A call that the board does not show yet is true: the event comes before the board. What the page repeats by itself is old.
  stands: (call) => (call.repeats ? line(call.of)?.classList.contains("is-called") ?? false : !line(call.of)?.classList.contains("is-serving")),
  done(call) {
    if (call.again || !repeat) return;
    setTimeout(() => {
      if (fresh()) announce.add({ ...call, key: call.key + "+", again: true, repeats: true });
    }, repeat);
  },
});

function called(data, late) {
  if (late > LATE) return;
  const play = chime && data.sound ? [data.sound.chime, ...data.sound.words.map((w) => w.address)] : [];
  announce.add({
    key: data.key, of: data.key, ticket: data.ticket, number: data.number, label: data.label, arrow: arrows[data.counter] ?? "",
    again: data.calls > 1, sounds: play, volume: (data.sound?.volume ?? 0) / 100,
  });
}

/**
 * Without the stream the board tells who is called: what it did not show a few seconds ago. It has no words for it.
 * So it does for the time in which a dead stream was still believed, unless nobody knew for so long that the page said so.
 */
let shown = null; // null: the board was not looked at yet
function compare() {
  const before = shown;
  const calls = [...board.querySelectorAll(".is-called[data-call]")];
  shown = new Set(calls.map((e) => e.dataset.call));
  if (!before || (body.dataset.state !== "polling" && body.dataset.state !== "reconnecting")) return;
  for (const e of calls.reverse()) {
    const key = e.dataset.call;
    const [ticket, at] = key.split("-").map(Number);
    if (before.has(key) || now() - at > LATE) continue;
    announce.add({
      key, of: key, ticket, number: e.querySelector(".number").textContent, label: e.querySelector(".label").textContent,
      arrow: e.querySelector(".arrow").dataset.to ?? "", again: false, sounds: [], volume: 0,
    });
  }
}

function swapped() {
  compare();
  body.dataset.hours = board.querySelector("[data-night]") ? "closed" : "open";
  light();
}

function tick() {
  const at = now();
  clock.textContent = wallClock(at);
  const minutes = Math.floor(at.getTime() / 60_000);
  body.dataset.shift = Math.floor(minutes / 4) % 5; // every few minutes by a few pixels
  body.dataset.side = Math.floor(minutes / 60) % 2; // every hour the other way round
  if (body.dataset.hours === "closed" && fresh() && performance.now() > REST) location.reload();
}

follow({
  on: ["call", "undone", "board", "office"],
  refresh: region(board, swapped),
  onEvent(name, data, late) {
    if (name === "call") called(data, late);
    if (name === "undone") announce.drop(data.ticket);
  },
  onState(state, trueAt) {
    if (state !== "stale") return;
    announce.clear(); // what is called now is not seen here
    since.textContent = wallClock(trueAt);
  },
  quiet: () => announce.idle,
});

unmute.addEventListener("click", () => sounds.all([chime], 0.5));
if (chime) sounds.probe(chime);
setInterval(tick, 1000);
swapped();
tick();
