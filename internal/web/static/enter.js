// SPDX-License-Identifier: EUPL-1.2

// A link /enter#TOKEN logs a workplace in by itself: what stands behind the # is
// never sent with the address, so no log has it. The tab remembers it, because the
// server forgets sessions when it restarts and a kiosk has nobody to type.

const form = document.getElementById("enter");
const field = document.getElementById("token");
const failed = document.querySelector(".fault");
const link = decodeURIComponent(location.hash.slice(1));

if (link) {
  sessionStorage.setItem("token", link);
  history.replaceState(null, "", location.pathname + location.search);
}
if (failed || new URLSearchParams(location.search).has("left")) {
  sessionStorage.removeItem("token"); // it was refused, or somebody logged out
} else {
  const token = sessionStorage.getItem("token");
  if (token) {
    field.value = token;
    form.submit();
  }
}
