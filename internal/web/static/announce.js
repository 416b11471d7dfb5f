// SPDX-License-Identifier: EUPL-1.2

// Announcements: one after the other, none interrupted, none twice, none when it is old.

const FRESH = 60_000; // ms after which a call is not announced any more
const SHOWN = 9_000; // ms that a call stays large
const SHORT = 5_000; // the same while many wait
const MANY = 3; // so many may wait before only the chime is played
const MOST = 12; // that wait; older ones are in the list anyway
const KEPT = 300; // keys that are remembered

/**
 * @typedef {object} Call
 * @property {string} key
 * @property {number} ticket
 * @property {string} number
 * @property {string} label
 * @property {string} arrow  "" where it does not say
 * @property {boolean} again  the citizen was called before
 * @property {boolean} [repeats]  by nobody but the page
 * @property {string[]} sounds  chime, then words
 * @property {number} volume  0 to 1
 *
 * @typedef {object} Options
 * @property {(call: Call) => boolean} stands  whether its citizen has still to come
 * @property {(call: Call) => void} show
 * @property {() => void} hide
 * @property {(sounds: string[], volume: number) => Promise<void>} play  until it is over
 * @property {(call: Call) => void} [done]  it was announced
 */

/** @param {Options} o */
export function announcer(o) {
  /** @type {{call: Call, since: number}[]} */
  let waiting = [];
  const known = new Set();
  let running = false;
  let shown = 0; // ticket of the call on the stage, 0: none

  /** The next one that is worth it. */
  function next() {
    for (let item; (item = waiting.shift()); ) {
      if (performance.now() - item.since <= FRESH && o.stands(item.call)) return item.call;
    }
    return null;
  }

  async function run() {
    if (running) return;
    running = true;
    for (let call; (call = next()); ) {
      const many = waiting.length > MANY;
      o.show(call);
      shown = call.ticket;
      const over = new Promise((done) => setTimeout(done, many ? SHORT : SHOWN));
      await o.play(many ? call.sounds.slice(0, 1) : call.sounds, call.volume);
      await over;
      if (shown) o.done?.(call);
    }
    shown = 0;
    o.hide();
    running = false;
  }

  return {
    /** Announces a call when its turn comes. @param {Call} call */
    add(call) {
      if (known.has(call.key)) return;
      known.add(call.key);
      if (known.size > KEPT) known.delete(known.values().next().value);
      // Who is called again while the first call still waits is announced once.
      waiting = waiting.filter((w) => w.call.ticket !== call.ticket);
      waiting.push({ call, since: performance.now() });
      if (waiting.length > MOST) waiting.shift();
      run();
    },
    /** Takes the call of a ticket back: it waits no more and leaves the stage. @param {number} ticket */
    drop(ticket) {
      waiting = waiting.filter((w) => w.call.ticket !== ticket);
      if (shown !== ticket) return;
      shown = 0;
      o.hide();
    },
    /** Forgets what waits: nobody knows whether it is still true. */
    clear() {
      waiting = [];
    },
    get idle() {
      return !running;
    },
  };
}
