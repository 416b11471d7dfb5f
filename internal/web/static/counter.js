// SPDX-License-Identifier: EUPL-1.2

import { command } from "./command.js";
import { dialogs } from "./dialogs.js";
import { follow, now } from "./live.js";
import { region } from "./region.js";

const CALM = 700; // ms in which a hand that trembles does not give the same command twice
const UNDO = 5000; // ms, as in the core

const panel = document.getElementById("panel");
if (panel) {
  const said = document.getElementById("said");
  const keys = document.getElementById("keys");
  const words = Object.fromEntries([...document.querySelectorAll("#words li")].map((li) => [li.dataset.op, li.textContent]));
  const kept = new Map(); // what was unfolded, by data-keep
  let busy = false;
  let last = { name: "", at: 0 };
  let undoEnds = 0;

  const page = follow({ on: ["board", "counters", "office", "warnings"], refresh: region(panel, swapped) });
  swapped();

  /** Gives a command for what is on the screen at this moment, and says what came of it. */
  async function act(op, { ticket = "", number = "", body = {} } = {}) {
    const name = op + ticket + JSON.stringify(body);
    if (busy || (name === last.name && performance.now() - last.at < CALM)) return;
    busy = true;
    panel.setAttribute("aria-busy", "true");
    const seen = Number(panel.querySelector("[data-seen]").dataset.seen);
    const answer = op === "issue" ? await command("tickets", body, panel.dataset.offline)
      : op === "reprint" ? await command(`tickets/${body.ticket}/reprint`, {}, panel.dataset.offline)
      : op === "unpark" ? await command(`tickets/${ticket}/unpark`, {}, panel.dataset.offline)
      : await command(`counters/${panel.dataset.counter}/${op}`, { seen, ...body }, panel.dataset.offline);
    if (answer) say(op, answer.ticket?.number ?? answer.number ?? number, answer);
    else said.textContent = "";
    await page.refresh();
    panel.removeAttribute("aria-busy");
    busy = false;
    last = { name, at: performance.now() };
  }

  function say(op, number, answer) {
    const bare = op === "reprint" && ["failed", "unknown"].includes(answer.paper.outcome);
    const what = op === "next" && !answer.ticket ? "nobody" : bare ? "bare" : op;
    said.textContent = (words[what] ?? "").replace("{n}", number);
  }

  /** After a swap: what was unfolded stays so, and what can be undone counts down. */
  function swapped() {
    for (const part of panel.querySelectorAll("details[data-keep]")) {
      part.open = kept.get(part.dataset.keep) ?? part.open;
      part.addEventListener("toggle", () => kept.set(part.dataset.keep, part.open));
    }
    showKeys();
    clearTimeout(undoEnds);
    const undo = panel.querySelector(".undo");
    if (!undo) return;
    const left = Number(undo.dataset.until) - now();
    undo.querySelector("button").style.setProperty("--gone", `${Math.min(0, left - UNDO)}ms`);
    undoEnds = setTimeout(() => {
      if (undo.contains(document.activeElement)) panel.focus();
      undo.remove();
    }, Math.max(0, left));
  }

  const open = dialogs(panel, act);

  function press(button) {
    if (button.disabled) return;
    const { op, dialog, ticket, number, body } = button.dataset;
    if (dialog) open(dialog, { ticket, number });
    else act(op, { ticket, number, body: body && JSON.parse(body) });
  }

  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && event.detail < 2) press(button); // the second click of a double click is none
  });

  // Single keys work only here, outside of fields and dialogs, and can be switched off.
  keys.checked = localStorage.getItem("keys") !== "off";
  showKeys();
  keys.addEventListener("change", () => {
    localStorage.setItem("keys", keys.checked ? "on" : "off");
    showKeys();
  });

  function showKeys() {
    panel.classList.toggle("no-keys", !keys.checked);
    for (const button of panel.querySelectorAll("button[data-key]")) {
      if (keys.checked) button.setAttribute("aria-keyshortcuts", button.dataset.key);
      else button.removeAttribute("aria-keyshortcuts");
    }
  }

  addEventListener("keydown", (event) => {
    if (!keys.checked || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
    const button = panel.querySelector(`button[data-key="${CSS.escape(event.key.toUpperCase())}"]`);
    if (!button) return;
    event.preventDefault();
    press(button);
  });
}
