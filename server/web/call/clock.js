// How long the call has lasted, and a word before it is over.
import { at, tell } from "./page.js";

const WARN_MS = 5 * 60_000;

const two = (number) => String(number).padStart(2, "0");

export class Clock {
  #started = null;
  #closes = null;
  #warned = false;

  constructor() {
    setInterval(() => this.#tick(), 1000);
  }

  set({ startedAt, closesAt }) {
    this.#started = startedAt ? Date.parse(startedAt) : null;
    this.#closes = closesAt ? Date.parse(closesAt) : null;
    this.#warned = false;
    this.#tick();
  }

  #tick() {
    at("clock").hidden = this.#started === null;
    if (this.#started === null) return;
    const seconds = Math.max(0, Math.floor((Date.now() - this.#started) / 1000));
    const hours = Math.floor(seconds / 3600);
    at("clock").textContent = `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    const left = this.#closes - Date.now();
    if (this.#warned || left > WARN_MS) return;
    this.#warned = true;
    tell(`This call is over in ${Math.max(1, Math.round(left / 60_000))} minutes: no call is for ever.`);
  }
}
