// WebRTC's perfect negotiation with one other peer, in the generations that the server counts.
// Everything that changes the connection's state takes its turn, so that no two of them meet halfway.
const BATCH_MS = 60;
const MOST_AT_ONCE = 50;
const FIRST_MS = 2_000;
const PATIENCE_MS = 5_000;
const STUCK_MS = 15_000;

export class Peer extends EventTarget {
  #say;
  #polite;
  #turn = Promise.resolve();
  // The generation that both know of, and that of the own open offer.
  #known = 0;
  #open = 0;
  #heard = 0;
  #ignores = false;
  #candidates = [];
  #noMore = false;
  // Candidates go after the description that they are of, once it was taken.
  #described = false;
  #timer = null;
  #patience = null;
  #begin = null;

  constructor({ polite, iceServers, say }) {
    super();
    this.#say = say;
    this.#polite = polite;
    this.connection = new RTCPeerConnection({ iceServers });
    const on = (name, ear) => this.connection.addEventListener(name, ear);
    on("negotiationneeded", () => (polite && !this.#known ? this.#letBegin() : this.#next(() => this.#offer())));
    on("icecandidate", ({ candidate }) => this.#gathered(candidate));
    on("signalingstatechange", () => this.#flushSoon());
    on("connectionstatechange", () => this.#mind());
  }

  get isSettled() {
    return this.connection.signalingState === "stable" && this.connection.connectionState === "connected";
  }

  restart() {
    return this.#next(() => this.#offer({ restart: true }));
  }

  take(signal) {
    return this.#next(async () => {
      if (signal.n <= this.#heard) return;
      this.#heard = signal.n;
      if (signal.generation < Math.max(this.#known, this.#open)) return;
      if (signal.description?.type === "offer") await this.#answer(signal);
      if (signal.description?.type === "answer") await this.#answered(signal);
      if (!this.#ignores) for (const one of signal.candidates) await this.#add(one);
    });
  }

  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
    clearTimeout(this.#begin);
    this.connection.close();
  }

  // Whoever is polite lets the other begin, for a while: where a first offer is rolled back at once, Chromium gathers
  // no candidates for the answer, and nothing leads anywhere.
  #letBegin() {
    this.#begin ??= setTimeout(() => this.#next(async () => this.#known || (await this.#offer())), FIRST_MS);
  }

  #next(work) {
    const guarded = async () => {
      if (this.connection.signalingState !== "closed") await work();
    };
    this.#turn = this.#turn.then(guarded).catch((error) => this.#fail(error));
    return this.#turn;
  }

  async #offer({ restart = false } = {}) {
    const { connection } = this;
    if (restart) {
      if (connection.signalingState === "have-local-offer") await connection.setLocalDescription({ type: "rollback" });
      connection.restartIce();
    }
    // The browser asks again once it is stable.
    if (connection.signalingState !== "stable") return;
    this.#open = restart ? this.#known + 1 : Math.max(1, this.#known);
    await this.#describe(this.#open);
  }

  async #answer({ generation, description }) {
    const collides = this.connection.signalingState === "have-local-offer" && generation === this.#open;
    this.#ignores = collides && !this.#polite;
    if (this.#ignores) return;
    this.#known = generation;
    this.#open = 0;
    // An open offer of ours is rolled back by this.
    await this.connection.setRemoteDescription(description);
    await this.#describe(generation);
  }

  async #answered({ generation, description }) {
    if (this.connection.signalingState !== "have-local-offer" || generation !== this.#open) return;
    this.#known = generation;
    this.#open = 0;
    this.#ignores = false;
    await this.connection.setRemoteDescription(description);
  }

  async #describe(generation) {
    this.#candidates = [];
    this.#noMore = this.#described = false;
    await this.connection.setLocalDescription();
    const { type, sdp } = this.connection.localDescription;
    this.#mind();
    // Not waited for: what the other says meanwhile has its turn.
    this.#say({ generation, description: { type, sdp } }).then(
      () => this.#taken(generation, sdp),
      (refusal) => this.#refused(refusal),
    );
  }

  #taken(generation, sdp) {
    this.#known = Math.max(this.#known, generation);
    if (this.#isOf(sdp)) {
      this.#described = true;
      this.#flushSoon();
    }
  }

  // By its credentials: the rest of a description grows while candidates are gathered.
  #isOf(sdp) {
    const [, fragment] = /a=ice-ufrag:(\S+)/.exec(sdp) ?? [];
    return !fragment || this.connection.localDescription?.sdp.includes(`a=ice-ufrag:${fragment}`);
  }

  #refused(refusal) {
    // The other's offer goes before ours and is on its way, or was lost with the line: then the room restarts us.
    if (!["conflict", "offline", "not_found"].includes(refusal.code)) this.#fail(refusal);
  }

  #gathered(candidate) {
    if (candidate?.candidate) this.#candidates.push(candidate.toJSON());
    if (candidate === null) this.#noMore = true;
    this.#flushSoon();
  }

  #flushSoon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#flush();
    }, BATCH_MS);
  }

  #flush() {
    if (!this.#described) return;
    const candidates = this.#candidates.splice(0, MOST_AT_ONCE);
    // Nothing may follow the end, and an offer that is rolled back would be followed by its answer's.
    const isEnd = this.#noMore && !this.#candidates.length && this.connection.signalingState === "stable";
    if (!candidates.length && !isEnd) return;
    if (isEnd) this.#noMore = false;
    const generation = this.#open || this.#known;
    this.#say({ generation, candidates, end_of_candidates: isEnd }).catch((refusal) => this.#refused(refusal));
    if (this.#candidates.length) this.#flushSoon();
  }

  async #add(candidate) {
    try {
      await this.connection.addIceCandidate(candidate);
    } catch {
      // Of an offer that was rolled back: it leads nowhere.
    }
  }

  // A way that is lost, or an offer that nobody answers, is begun anew after a while.
  #mind() {
    const state = this.connection.connectionState;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
    clearTimeout(this.#patience);
    if (this.isSettled || state === "closed") return;
    const lost = state === "disconnected" || state === "failed";
    // Who is impolite begins, so that both do not at once.
    const wait = (lost ? PATIENCE_MS : STUCK_MS) * (this.#polite ? 1.5 : 1);
    this.#patience = setTimeout(() => this.isSettled || this.restart(), wait);
  }

  #fail(error) {
    this.dispatchEvent(new CustomEvent("trouble", { detail: error }));
  }
}
