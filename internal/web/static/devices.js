// SPDX-License-Identifier: EUPL-1.2

import { command } from "./command.js";
import { follow } from "./live.js";
import { region } from "./region.js";

const LOOK = 2000; // ms between two looks at what no event tells of

const panel = document.getElementById("panel");
const pairing = document.getElementById("pairing");
const refreshPanel = region(panel);
const refreshPairing = region(pairing);

async function refresh() {
  const versions = [await refreshPanel(), await refreshPairing()];
  return versions.includes(null) ? null : Math.min(...versions);
}

const page = follow({ on: ["warnings", "office"], refresh });
setInterval(page.refresh, LOOK);

pairing.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const fields = Object.fromEntries(new FormData(form));
  if (!fields.counter) delete fields.counter;
  await command(form.dataset.op, fields, pairing.dataset.offline);
  await page.refresh();
});

pairing.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-op]");
  if (!button) return;
  await command(button.dataset.op, {}, pairing.dataset.offline);
  await page.refresh();
});

panel.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-revoke]");
  if (!button || !confirm(panel.dataset.revoke + "\n\n" + button.dataset.revoke)) return;
  await command("devices/" + button.dataset.revoke + "/revoke", {}, panel.dataset.offline);
  await page.refresh();
});
