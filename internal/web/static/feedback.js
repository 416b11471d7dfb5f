// SPDX-License-Identifier: EUPL-1.2

// After the thanks, and after a question that nobody answers, the next one begins anew. So does a
// page that stands for long: its ballot is good for a day.

const page = document.getElementById("feedback");
if (page.dataset.again) {
  setTimeout(() => location.replace(page.dataset.again), Number(page.dataset.after) * 1000);
}

// A face that is touched twice is one vote: the ballot counts once. The second touch would only
// make the first one's answer get lost.
page.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", (event) => event.persisted && location.reload());
