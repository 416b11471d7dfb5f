// SPDX-License-Identifier: EUPL-1.2

// A region is a part of a page that the server renders anew.

const policy = globalThis.trustedTypes?.createPolicy("avanti", { createHTML: (text) => text }) ?? {
  createHTML: (text) => text,
};

/**
 * Returns a function that fetches the region and swaps it. It gives the version
 * that the region shows, or null if it could not be fetched.
 * @param {HTMLElement} element with data-region, its address
 * @param {() => void} [swapped]
 */
export function region(element, swapped) {
  let etag = "";
  return async () => {
    let answer;
    try {
      answer = await fetch(element.dataset.region, {
        headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", signal: AbortSignal.timeout(8000),
      });
      if (answer.status === 401) {
        location.assign(`/enter?lang=${document.body.dataset.lang}&next=${encodeURIComponent(location.pathname + location.search)}`);
        return null;
      }
      if (answer.status === 404) {
        location.reload(); // what the page was about is no longer there
        return null;
      }
      if (!answer.ok && answer.status !== 304) return null;
      if (answer.ok) {
        swap(element, await answer.text());
        etag = answer.headers.get("ETag") ?? "";
        swapped?.();
      }
    } catch {
      return null; // no connection: the caller shows it
    }
    return Number(answer.headers.get("Avanti-Version"));
  };
}

/** Replaces what is in an element by HTML from our own server. Focus stays on what has the same data-focus. */
function swap(element, html) {
  const focus = document.activeElement?.dataset?.focus;
  element.innerHTML = policy.createHTML(html);
  // Where the focus was is gone: it goes to the part, not to a button that does something else.
  if (focus) (element.querySelector(`[data-focus="${CSS.escape(focus)}"]:enabled`) ?? element).focus();
}
