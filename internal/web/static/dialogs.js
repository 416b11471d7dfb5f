// SPDX-License-Identifier: EUPL-1.2

// The counter's dialogs: what a command needs besides a button.

import { now } from "./live.js";

/** What a form says, as the API wants it. */
function bodyOf(form, ticket) {
  const data = new FormData(form);
  const body = {};
  for (const [name, value] of data) if (value !== "") body[name] = value;
  if ("keep_place" in body) body.keep_place = body.keep_place === "true";
  if ("minutes" in body) {
    body.until = new Date(now().getTime() + 60_000 * Number(body.minutes)).toISOString();
    delete body.minutes;
  }
  if (ticket && form.dataset.op === "call") body.ticket = Number(ticket);
  return body;
}

/**
 * Returns a function that opens a dialog by its name. What was entered is given to act; the
 * focus then goes back to the button that opened it, or to the panel if that is gone.
 * @param {HTMLElement} panel
 * @param {(op: string, about: object) => Promise<void>} act
 */
export function dialogs(panel, act) {
  return (name, about) => {
    const dialog = document.getElementById("dialog-" + name);
    const form = dialog.querySelector("form");
    const focus = document.activeElement?.dataset?.focus;
    for (const choice of form.querySelectorAll("select[data-from]")) {
      choice.replaceChildren(document.getElementById(choice.dataset.from).content.cloneNode(true)); // as it is now
    }
    form.reset();
    const number = dialog.querySelector("[data-number]");
    if (number) number.textContent = about.number ?? "";
    dialog.returnValue = "";
    // Enter is yes, also on a choice.
    form.onkeydown = (event) => {
      if (event.key !== "Enter" || event.target.closest("button")) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("[value=do]"));
    };
    dialog.onclose = async () => {
      if (dialog.returnValue === "do") await act(form.dataset.op, { number: about.number, body: bodyOf(form, about.ticket) });
      const back = focus && panel.querySelector(`[data-focus="${CSS.escape(focus)}"]:enabled`);
      (back || panel).focus();
    };
    dialog.showModal();
  };
}
