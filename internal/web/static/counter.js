// SPDX-License-Identifier: EUPL-1.2

import { command } from "./command.js";
import { follow } from "./live.js";
import { region } from "./region.js";

const panel = document.getElementById("panel");
if (panel) {
  const page = follow({ on: ["board", "counters", "office", "warnings"], refresh: region(panel) });
  let busy = false;

  /** Does what a button says, for what is on the screen at this moment. */
  async function act(button) {
    if (busy || button.disabled) return;
    busy = true;
    panel.setAttribute("aria-busy", "true");
    const seen = Number(panel.querySelector("[data-seen]").dataset.seen);
    const path = button.dataset.ticket
      ? `tickets/${button.dataset.ticket}/${button.dataset.op}`
      : `counters/${panel.dataset.counter}/${button.dataset.op}`;
    await command(path, button.dataset.ticket ? {} : { seen }, panel.dataset.offline);
    await page.refresh();
    panel.removeAttribute("aria-busy");
    busy = false;
  }

  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-op]");
    if (button) act(button);
  });
  addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    const button = panel.querySelector(`button[data-key="${CSS.escape(event.key.toUpperCase())}"]`);
    if (button) act(button);
  });
}
