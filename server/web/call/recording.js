// A recording: asked for, allowed by each, shown while it lasts, and afterwards fetched or deleted.
import { asked, at, tell } from "./page.js";

const SAID = {
  on: "This call is being recorded.",
  paused: "The recording stands still: not everybody here allows it.",
};
const ENDED_EARLY = "The recording was interrupted. What there is of it comes once the recorder is back.";
// Nobody can say then whether it goes on.
const LOST = "The line to the recorder is lost: perhaps nothing is recorded at this moment.";

export class Recording {
  #line = null;
  #session = null;
  #me;
  #nameOf;
  #call = null;
  #isLost = false;
  #isOffered = false;

  constructor(nameOf) {
    this.#nameOf = nameOf;
    asked(at("record"), "click", () => this.#consent(!this.#allows));
    asked(at("allow"), "click", () => this.#consent(true));
    asked(at("forbid"), "click", () => this.#consent(false));
    asked(at("fetch"), "click", () => this.#fetch());
    asked(at("erase"), "click", () => this.#consent(false));
  }

  hear(line, session, me) {
    this.#line = line;
    this.#session = session;
    this.#me = me;
    for (const name of ["call:updated", "call:ended"]) {
      line.addEventListener(name, ({ detail: { call } }) => {
        if (call.session_id === this.#call?.session_id) this.take(call);
      });
    }
  }

  get #allows() {
    return this.#call?.recording.consents.includes(this.#me) ?? false;
  }

  // Whether there is a recorder at all.
  offered(is) {
    this.#isOffered = is;
    this.#show();
  }

  // What is asked for, or goes on, can be stopped, whoever is there.
  #show() {
    const isTrial = this.#call?.participants.includes(this.#call.helper) ?? false;
    at("record").hidden = isTrial || !(this.#isOffered || this.#allows);
  }

  // Whether the recorder has a line to the server.
  lost(is) {
    this.#isLost = is;
    if (at("recording").dataset.state === "on") at("recording-text").textContent = is ? LOST : SAID.on;
  }

  async take(call) {
    if (this.#call?.session_id === call.session_id && call.version <= this.#call.version) return;
    const isSame = this.#call?.session_id === call.session_id;
    const before = isSame ? this.#call.recording.state : "off";
    if (!isSame) this.#isLost = false;
    this.#call = call;
    const { state, consents, files } = call.recording;
    this.#show();
    at("record").setAttribute("aria-pressed", this.#allows);
    at("recording").hidden = state === "off";
    at("recording").dataset.state = state;
    at("allow").hidden = this.#allows;
    const text = state === "on" && this.#isLost ? LOST : (SAID[state] ?? (await this.#asks(consents)));
    // A name was asked for, and meanwhile something else was told.
    if (this.#call !== call) return;
    at("recording-text").textContent = text;
    at("forbid").textContent = this.#allows ? "Stop it" : "I do not want that";
    at("kept").hidden = !(call.status === "ended" && files.length);
    if (before !== "off" && state === "off" && call.status !== "ended") tell(this.#isLost ? ENDED_EARLY : "Nothing is recorded any more.");
  }

  async #asks(consents) {
    if (!consents.length) return "";
    if (this.#allows) return "You allow that this call is recorded. It begins once everybody does.";
    return `${await this.#nameOf(consents[0])} would like to record this call. It begins once everybody allows it.`;
  }

  async #consent(granted) {
    const asked = { session_id: this.#call.session_id, granted };
    await this.take(await this.#line.ask("call:consent", asked));
  }

  async #fetch() {
    for (const [number, id] of this.#call.recording.files.entries()) {
      const headers = { Authorization: `Bearer ${await this.#session.token()}` };
      const answer = await fetch(`/api/v1/uploads/${id}/`, { headers });
      if (!answer.ok) throw new Error("The recording cannot be fetched now; try again.");
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = `call-${number + 1}.mp4`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    }
  }
}
