// SPDX-License-Identifier: EUPL-1.2

// A link /enter#TOKEN logs a workplace in by itself: what stands behind the # is
// never sent with the address, so no log has it. The tab remembers it, because the
// server forgets sessions when it restarts and a kiosk has nobody to type. A browser that is
// a workplace already has no field for it: there a person logs in.

const form = document.getElementById("enter");
const field = document.getElementById("token");
const failed = document.getElementById("fault-token");
const link = decodeURIComponent(location.hash.slice(1));

if (link) {
  sessionStorage.setItem("token", link);
  history.replaceState(null, "", location.pathname + location.search);
}
if (failed || new URLSearchParams(location.search).has("left")) {
  sessionStorage.removeItem("token"); // it was refused, or somebody logged out
} else if (field) {
  const token = sessionStorage.getItem("token");
  if (token) {
    field.value = token;
    form.submit();
  }
}
// The one who sits here most often is offered first.
const clerk = document.getElementById("clerk");
if (clerk) {
  const last = localStorage.getItem("clerk");
  if (!clerk.value && [...clerk.options].some((o) => o.value === last)) clerk.value = last;
  clerk.form.addEventListener("submit", () => localStorage.setItem("clerk", clerk.value));
  document.getElementById(clerk.value ? "pin" : "clerk").focus();
}
