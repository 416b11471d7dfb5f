// SPDX-License-Identifier: EUPL-1.2

// Playing what the office has made. There is one player, for a browser that was allowed
// to make sound once allows it to this element.

const LONGEST = 15_000; // ms that one sound may take; a browser may hang without a word

/**
 * @param {(state: "plays" | "refused", heard: number) => void} onState
 *   plays: a sound has moved on by so many seconds; refused: the browser wants a touch first
 */
export function player(onState) {
  const audio = new Audio();
  audio.preload = "auto";

  /** Plays one sound to its end. Gives false if it could not be begun. */
  async function one(address, volume, most = Infinity) {
    if (audio.getAttribute("src") !== address) audio.src = address;
    audio.volume = volume;
    let timer = 0;
    try {
      const over = new Promise((done) => {
        timer = setTimeout(done, LONGEST);
        audio.onended = audio.onerror = done;
        audio.ontimeupdate = () => audio.currentTime > most && done();
      });
      await audio.play();
      await over;
    } catch (error) {
      if (error.name === "NotAllowedError") onState("refused", 0);
      return false;
    } finally {
      clearTimeout(timer);
      audio.onended = audio.onerror = audio.ontimeupdate = null;
    }
    onState("plays", audio.currentTime);
    return true;
  }

  return {
    /** Plays sounds one after the other; one that fails keeps no other from being played. */
    async all(addresses, volume) {
      for (const a of addresses.slice(1)) fetch(a).catch(() => {}); // so that there is no gap
      for (const a of addresses) await one(a, volume);
    },
    /** Finds out whether sound is allowed, without making any. */
    async probe(address) {
      if (await one(address, 0, 0.1)) audio.pause();
    },
  };
}
