// SPDX-License-Identifier: EUPL-1.2

import { command } from "./command.js";
import { follow } from "./live.js";
import { region } from "./region.js";

const panel = document.getElementById("panel");
const page = follow({ on: ["board", "counters", "office", "warnings"], refresh: region(panel) });

panel.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-op]");
  if (!button) return;
  button.disabled = true;
  await command(button.dataset.op, {}, panel.dataset.offline);
  await page.refresh();
});
