// SPDX-License-Identifier: EUPL-1.2

// The office starts now. When it is ready, the administration opens.

async function look() {
  try {
    const answer = await fetch("/readyz", { cache: "no-store", signal: AbortSignal.timeout(4000) });
    if (answer.ok && (await answer.text()).startsWith("ok")) {
      location.replace("/admin");
      return;
    }
  } catch {
    // not yet
  }
  setTimeout(look, 500);
}

look();
