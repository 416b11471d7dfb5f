// SPDX-License-Identifier: EUPL-1.2

// Letters on the screen for a kiosk that has no keys. Marks are not needed: the search
// does not look at them.

const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/**
 * Fills a place with keys that write into a field.
 * @param {HTMLElement} place with the names of space and erase in its data
 * @param {HTMLInputElement} field
 */
export function keyboard(place, field) {
  const write = (change) => {
    field.value = change(field.value).slice(0, field.maxLength);
    field.dispatchEvent(new Event("input"));
  };
  const key = (row, text, change, wide) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    if (wide) button.className = "wide";
    button.addEventListener("click", () => write(change));
    row.append(button);
  };
  for (const letters of ROWS) {
    const row = document.createElement("div");
    for (const letter of letters) key(row, letter, (text) => text + letter);
    place.append(row);
  }
  const row = place.appendChild(document.createElement("div"));
  key(row, place.dataset.space, (text) => text + " ", true);
  key(row, place.dataset.erase, (text) => text.slice(0, -1), true);
  field.inputMode = "none"; // no second keyboard over this one
  place.hidden = false;
}
