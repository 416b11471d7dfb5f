// SPDX-License-Identifier: EUPL-1.2

// Keeping a page true. The stream says that something changed, the page then
// fetches the part that shows it. What the page shows is one of
//   live          the stream was heard lately and the part is as new as it said
//   polling       there is no stream, but the part was fetched a few seconds ago
//   reconnecting  neither, but for less than half a minute
//   stale         nobody knows: the page must say so
// A browser alone does not notice a stream that has died, nor does it come back
// after an answer such as 502 or 503; so silence is measured here and the stream renewed.
// Until there is one again the page asks every few seconds.
//
// A browser has six connections to a host, and each stream keeps one: with six streams no
// seventh page would even load. So a page that nobody sees has none, of those that are
// seen a few have, and the others ask again every few seconds.

const SILENCE = 2.5; // heartbeats without an event until the stream is renewed
const STALE = 30_000; // ms since the page was last known to be true
const STREAMS = 4; // of one browser
const ASK = 5_000; // ms between two fetches of a page without a stream
const FRESH = 15_000; // ms for which a fetch without a stream is new: longer than one and its answer may take
const ASK_UNSEEN = 20_000; // of one that nobody sees

/**
 * @typedef {object} Options
 * @property {string[]} on           events at which the part is fetched anew
 * @property {() => Promise<number|null>} refresh  fetches it; gives its version, null if that failed
 * @property {(state: string, trueAt: Date) => void} [onState]
 * @property {(name: string, data: object, late: number) => void} [onEvent]  each of them,
 *   and how many ms old it was when it came
 * @property {() => boolean} [quiet]  whether a new version of the page may be loaded now
 */

/** Follows the office until the page is left. @param {Options} options */
export function follow(options) {
  const body = document.body;
  const beat = Number(body.dataset.heartbeat) || 10_000;
  let source = null;
  let hearing = false; // the stream was heard since it began
  let heard = 0; // last event
  let behind = true; // nothing was fetched since the stream began
  let fetched = -Infinity; // last good fetch
  let trueAt = performance.now(); // last moment at which the page was known to be true
  let trueTime = now();
  let wanted = 0; // version that the stream has spoken of
  let have = 0; // version that the page shows
  let fetching = null; // ends when the part is as new as was asked for
  let again = false;
  let ok = false;
  let failures = 0;
  let retry = 0;
  let asked = -Infinity; // when a page without a stream began to fetch last
  let spread = 1; // pages that lost their streams together do not ask together
  let old = false; // there is a new version of the page

  function state() {
    const at = performance.now();
    if (ok && hearing && !behind) {
      trueAt = at;
      trueTime = now();
      return "live";
    }
    if (ok && at - fetched < FRESH) return "polling";
    return at - trueAt > STALE ? "stale" : "reconnecting";
  }

  function show() {
    const s = state();
    if (body.dataset.state !== s) body.dataset.state = s;
    options.onState?.(s, trueTime);
  }

  function refresh() {
    if (fetching) again = true;
    else fetching = renew();
    return fetching;
  }

  async function renew() {
    do {
      again = false;
      const hears = hearing;
      const version = await options.refresh();
      ok = version !== null;
      if (!ok) continue;
      have = Math.max(have, version);
      behind = !(hears && hearing);
      fetched = trueAt = performance.now();
      trueTime = now();
    } while (again);
    fetching = null;
    show();
  }

  function note(event) {
    heard = performance.now();
    hearing = true;
    failures = 0;
    const data = JSON.parse(event.data);
    wanted = Math.max(wanted, data.version);
    if (data.at) setClock(Date.parse(data.at));
    return data;
  }

  function connect() {
    disconnect();
    heard = performance.now();
    source = new EventSource("/api/v1/events");
    source.addEventListener("heartbeat", (event) => {
      const data = note(event);
      old = data.build !== body.dataset.build;
      if (!ok || behind || have < wanted) refresh(); // what was missed is fetched, not guessed
      else show();
    });
    for (const name of options.on) {
      source.addEventListener(name, (event) => {
        const late = now() - Date.parse(JSON.parse(event.data).at); // by the clock that we had before
        options.onEvent?.(name, note(event), late);
        refresh();
      });
    }
    source.onerror = lost;
  }

  function disconnect() {
    source?.close();
    source = null;
    hearing = false;
    behind = true;
    clearTimeout(retry);
    retry = 0;
  }

  /** There is no stream, for now. */
  function lost() {
    disconnect();
    const wait = Math.min(15_000, 1000 * 2 ** failures++) * (0.5 + Math.random() / 2);
    retry = setTimeout(connect, wait);
    show(); // before what comes by asking is compared with what an event would have told
    if (performance.now() - fetched > ASK) ask();
  }

  function ask() {
    asked = performance.now();
    spread = 0.8 + Math.random() * 0.4;
    refresh();
  }

  /** Gives the stream to others, or takes one. */
  function turn() {
    const mine = document.visibilityState === "visible" && place() < STREAMS;
    if (!mine && (source || retry)) {
      disconnect();
      asked = performance.now();
    }
    if (mine && !source && !retry) {
      connect();
      asked = performance.now();
    }
    const every = document.visibilityState === "visible" ? ASK : ASK_UNSEEN;
    if (!hearing && performance.now() - asked > every * spread) ask();
  }

  setInterval(() => {
    turn();
    if (source && performance.now() - heard > SILENCE * beat) lost();
    show();
    if (old && (options.quiet?.() ?? true)) location.reload();
  }, 1000);

  addEventListener("visibilitychange", () => {
    leave();
    if (document.visibilityState === "visible") refresh();
    turn();
  });
  addEventListener("pagehide", () => {
    leave();
    disconnect();
  });
  addEventListener("pageshow", (event) => event.persisted && turn());
  turn();
  return { refresh };
}

// Which pages of this browser want a stream stands in the storage that they share, each
// with when it began and when it was seen last. The oldest ones get one.
const shared = "avanti.stream.";
const me = shared + Array.from(crypto.getRandomValues(new Uint8Array(6)), (b) => b.toString(36)).join("");
const began = Date.now();
const GONE = 10_000; // ms after which a page that was not seen has crashed

/** How many pages come before this one. */
function place() {
  try {
    localStorage.setItem(me, `${began} ${Date.now()}`);
    let before = 0;
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(shared) || key === me) continue;
      const [start, seen] = localStorage.getItem(key).split(" ").map(Number);
      if (Date.now() - seen > GONE) localStorage.removeItem(key);
      else if (start < began || (start === began && key < me)) before++;
    }
    return before;
  } catch {
    return 0; // a browser without storage: it has but one page, we hope
  }
}

function leave() {
  try {
    localStorage.removeItem(me);
  } catch {
    // then nothing stands there
  }
}

/** Whether the page shows how things are, to a few seconds. */
export function fresh() {
  return document.body.dataset.state === "live" || document.body.dataset.state === "polling";
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
