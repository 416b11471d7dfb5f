// SPDX-License-Identifier: EUPL-1.2

// The forms work without any script; this takes the reader to what is wrong.

const told = document.getElementById("faults") ?? document.getElementById("confirm");
told?.focus();

/** Opens the rows around the element that the address names. */
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let d = target.closest("details"); d; d = d.parentElement?.closest("details")) d.open = true;
  (target.matches("input, select, textarea") ? target : target.querySelector("input, select") ?? target).focus();
}

addEventListener("hashchange", reveal);
if (location.hash) reveal();
