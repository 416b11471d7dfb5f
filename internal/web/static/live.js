// SPDX-License-Identifier: EUPL-1.2

// Keeping a page true. The stream says that something changed, the page then
// fetches the part that shows it. What the page shows is one of
//   live          the stream was heard lately and the part is as new as it said
//   reconnecting  not so, but for less than half a minute
//   stale         nobody knows: the page must say so
// A browser alone does not notice a stream that has died, nor does it come back
// after an answer such as 502; so silence is measured here and the stream renewed.

const SILENCE = 2.5; // heartbeats without an event until the stream is renewed
const STALE = 30_000; // ms since the page was last known to be true

/**
 * @typedef {object} Options
 * @property {string[]} on           events at which the part is fetched anew
 * @property {() => Promise<number|null>} refresh  fetches it; gives its version, null if that failed
 * @property {(state: string, trueAt: Date) => void} [onState]
 */

/** Follows the office until the page is left. @param {Options} options */
export function follow(options) {
  const body = document.body;
  const beat = Number(body.dataset.heartbeat) || 10_000;
  let source = null;
  let heard = performance.now(); // last event
  let trueAt = performance.now(); // last moment at which the page was known to be true
  let trueTime = now();
  let wanted = 0; // version that the stream has spoken of
  let have = 0; // version that the page shows
  let fetching = false;
  let again = false;
  let ok = false;
  let failures = 0;
  let retry = 0;

  function state() {
    const silent = performance.now() - heard;
    if (ok && silent < SILENCE * beat) {
      trueAt = performance.now();
      trueTime = now();
      return "live";
    }
    return performance.now() - trueAt > STALE ? "stale" : "reconnecting";
  }

  function show() {
    const s = state();
    if (body.dataset.state !== s) body.dataset.state = s;
    options.onState?.(s, trueTime);
  }

  async function refresh() {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    do {
      again = false;
      const version = await options.refresh();
      ok = version !== null;
      if (ok) have = Math.max(have, version);
    } while (again);
    fetching = false;
    show();
  }

  function note(event) {
    heard = performance.now();
    failures = 0;
    const data = JSON.parse(event.data);
    wanted = Math.max(wanted, data.version);
    if (data.at) setClock(Date.parse(data.at));
    return data;
  }

  function connect() {
    clearTimeout(retry);
    source?.close();
    ok = false; // what was missed is fetched, not guessed
    source = new EventSource("/api/v1/events");
    source.addEventListener("heartbeat", (event) => {
      const data = note(event);
      if (data.build !== body.dataset.build) {
        setTimeout(() => location.reload(), 2000);
        return;
      }
      if (!ok || have < wanted) refresh();
      else show();
    });
    for (const name of options.on) {
      source.addEventListener(name, (event) => {
        note(event);
        refresh();
      });
    }
    source.onerror = () => {
      ok = false;
      show();
      reconnect();
    };
  }

  function reconnect() {
    source?.close();
    clearTimeout(retry);
    const wait = Math.min(15_000, 1000 * 2 ** failures++) * (0.5 + Math.random() / 2);
    retry = setTimeout(connect, wait);
  }

  setInterval(() => {
    if (source?.readyState !== EventSource.CLOSED && performance.now() - heard > SILENCE * beat) {
      heard = performance.now();
      ok = false;
      reconnect();
    }
    show();
  }, 1000);

  // A browser has few connections to one host: a page that nobody sees keeps none.
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && connect());
  connect();
  return { refresh };
}

let offset = Number(document.body.dataset.now) - Date.now();

function setClock(at) {
  offset = at - Date.now();
}

/** The office's time, by the server's clock: boards and screens drift. */
export function now() {
  return new Date(Date.now() + offset);
}

const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: document.body.dataset.zone,
});

/** A time as the office's wall clocks show it. @param {Date} date */
export function wallClock(date) {
  return clock.format(date);
}
