// The seat in a call: taken by a token, resumed after a cut, and what is heard of who else sits there.
import { Peer } from "./peer.js";
import { patiently } from "./refusal.js";

const RENEW_EARLY_MS = 60_000;
const WHY = {
  hung_up: "The call is over.",
  ended_by_host: "The host has ended the call for all.",
  rejected: "The call was refused.",
  busy: "They are in another call.",
  missed: "Nobody answered.",
  cancelled: "The call was given up.",
  empty: "The call is over: everybody has left.",
  unused: "The call is over: nobody came.",
  time_over: "The call is over: its time is up.",
};

export class Room extends EventTarget {
  #line;
  #stage;
  #seat = null;
  #peers = new Map();
  // What is heard before the room's own answer belongs after it.
  #early = null;
  #holds = 0;
  #renewal = null;
  // Of what is asked until it is done: only the newest goes on.
  #turn = null;
  #ears = new AbortController();

  constructor(line, sessionId, stage) {
    super();
    this.#line = line;
    this.#stage = stage;
    this.sessionId = sessionId;
    const hear = (name, ear) =>
      line.addEventListener(name, ({ detail }) => ear.call(this, detail), { signal: this.#ears.signal });
    hear("hello", this.#back);
    // Where Redis has lost its memory, our seat is lost with it, and nothing else would tell.
    hear("sync:reset", this.#back);
    hear("missed", () => this.#patiently(() => this.#catchUp()));
    for (const [name, ear] of Object.entries(this.#events())) {
      hear(`call:${name}`, (said) => {
        if ((said.session_id ?? said.call?.session_id) !== sessionId) return;
        this.#early ? this.#early.push([ear, said]) : ear.call(this, said);
      });
    }
  }

  async join() {
    const call = await this.ask("get");
    this.#take(call);
    if (!call.token_details) throw new Error(call.end_reason ? "This call is over." : "You cannot join this call now.");
    await this.#sit("join", { token: call.token_details.token });
  }

  ask(verb, more = {}) {
    return this.#line.ask(`call:${verb}`, { session_id: this.sessionId, ...more });
  }

  // Everything ends but the line.
  close() {
    this.#ears.abort();
    clearTimeout(this.#renewal);
    for (const id of [...this.#peers.keys()]) this.#forget(id);
  }

  get #isOpen() {
    return !this.#ears.signal.aborted;
  }

  get peers() {
    return [...this.#peers.values()];
  }

  // The server's own peer is somebody to look at only where it was called for that.
  get people() {
    return this.peers.filter((one) => !this.isRecorder(one));
  }

  isRecorder({ view }) {
    return view.user_id === this.call.helper && !this.isTrial;
  }

  get isTrial() {
    return this.call.participants.includes(this.call.helper);
  }

  restart() {
    for (const { peer } of this.peers) peer.restart();
  }

  #sit(verb, proof) {
    return this.#holding(async () => {
      this.#seat = await this.ask(verb, proof);
      if (!this.#isOpen) return;
      this.#takeIce(this.#seat.ice);
      await this.#ready();
    });
  }

  async #holding(work) {
    this.#early ??= [];
    this.#holds += 1;
    try {
      await work();
    } finally {
      this.#holds -= 1;
      if (!this.#holds) this.#hearEarly();
    }
  }

  #hearEarly() {
    const early = this.#early;
    this.#early = null;
    for (const [ear, said] of early) if (this.#isOpen) ear.call(this, said);
  }

  async #ready() {
    const room = await this.ask("ready");
    // One may have left meanwhile.
    if (!this.#isOpen) return;
    this.host = room.host;
    if (room.state === "waiting") return this.#tell("waiting", {});
    for (const { view } of this.peers) if (!room.peers.some((one) => one.peer_id === view.peer_id)) this.#forget(view.peer_id);
    for (const view of room.peers) this.#meet(view, room.polite_to.includes(view.peer_id));
    this.#tell("inside", { startedAt: room.started_at, closesAt: room.closes_at, locked: room.locked, waiting: room.waiting });
    for (const signal of room.signals) this.#signalled({ signal });
    this.ask("media", this.#stage.shown()).catch(() => {});
  }

  // A new connection to the server: the seat is ours for half a minute; then we come as somebody new.
  #back() {
    if (this.#seat !== null) this.#settle(() => this.#resumed());
  }

  // What fails for the moment is asked again, as long as this line lasts: after the next hello it is begun anew.
  #settle(work) {
    const turn = (this.#turn = Symbol());
    return this.#patiently(work, () => this.#turn === turn);
  }

  async #patiently(work, isNewest = () => true) {
    const isWanted = () => this.#isOpen && isNewest();
    try {
      await patiently(work, isWanted, (refusal) => isWanted() && this.#line.isUp && this.#tell("held", refusal));
      if (isWanted()) this.#tell("held", { message: "" });
    } catch (refusal) {
      if (isWanted()) this.#over(refusal.message);
    }
  }

  // More was missed than the server can tell again.
  async #catchUp() {
    const call = await this.ask("get");
    this.#take(call);
    if (call.end_reason) this.#ended(call);
  }

  async #resumed() {
    const { peer_id, resume_secret } = this.#seat;
    try {
      await this.#sit("resume", { peer_id, resume_secret });
    } catch (refusal) {
      if (refusal.code !== "not_found") throw refusal;
      // What was told meanwhile may be why there is no seat any more.
      if (!this.#isOpen) return;
      for (const id of [...this.#peers.keys()]) this.#forget(id);
      await this.join();
      return;
    }
    for (const { peer } of this.peers) if (!peer.isSettled) peer.restart();
  }

  #meet(view, polite) {
    const known = this.#peers.get(view.peer_id);
    if (known) return this.#show(known, view);
    const peer = new Peer({
      polite,
      iceServers: this.#seat.ice.ice_servers,
      say: (words) => this.ask("signal", { to: view.peer_id, ...words }),
    });
    const one = { view, peer, streams: new Map() };
    this.#peers.set(view.peer_id, one);
    peer.connection.addEventListener("track", ({ streams: [stream] }) => {
      if (!stream) return;
      one.streams.set(stream.id, stream);
      stream.onremovetrack = () => {
        if (!stream.getTracks().length) one.streams.delete(stream.id);
        this.#tell("changed", one);
      };
      this.#tell("changed", one);
    });
    peer.addEventListener("state", () => this.#tell("changed", one));
    peer.addEventListener("trouble", ({ detail }) => this.#tell("trouble", detail));
    this.#stage.showTo(peer.connection);
    this.#tell("met", one);
  }

  #show(one, view) {
    one.view = view;
    one.away = false;
    this.#tell("changed", one);
  }

  #forget(id) {
    const one = this.#peers.get(id);
    if (!one) return;
    this.#peers.delete(id);
    one.peer.close();
    this.#tell("gone", one);
  }

  #events() {
    return {
      // Who comes is polite to who was there.
      peer_joined: ({ peer }) => this.#meet(peer, false),
      peer_rejoined: ({ peer }) => this.#meet(peer, false),
      peer_updated: ({ peer }) => this.#peers.has(peer.peer_id) && this.#meet(peer, false),
      peer_reconnecting: ({ peer_id }) => this.#with(peer_id, (one) => (one.away = true)),
      peer_left: ({ peer_id }) => this.#forget(peer_id),
      quality: ({ peer_id, ...report }) => this.#with(peer_id, (one) => (one.report = report)),
      reacted: ({ peer_id, emoji }) => this.#peers.has(peer_id) && this.#tell("reacted", { one: this.#peers.get(peer_id), emoji }),
      updated: ({ call }) => this.#take(call),
      signal: (said) => this.#signalled(said),
      room_updated: ({ host, locked }) => this.#tell("lead", { host: (this.host = host), locked }),
      knocked: (said) => this.#tell("knocked", said),
      admitted: () => this.#settle(() => this.#holding(() => this.#ready())),
      mute_requested: () => this.#tell("mute_requested", {}),
      removed: ({ for_good }) => this.#over(for_good ? "The host put you out of this call." : "Nobody let you in. You may ask again."),
      // Told to the seat: also to us, who have just taken it over from our own lost connection.
      replaced: ({ connection_id }) => connection_id === this.#line.connectionId && this.#replaced(),
      ended: ({ call }) => this.#ended(call),
    };
  }

  #take(call) {
    if (this.call && call.version < this.call.version) return;
    this.call = call;
    this.#tell("call", { call });
  }

  #with(id, change) {
    const one = this.#peers.get(id);
    if (!one) return;
    change(one);
    this.#tell("changed", one);
  }

  #signalled({ signal }) {
    this.#peers.get(signal.from)?.peer.take(signal);
  }

  #ended(call) {
    this.#over(WHY[call.end_reason] ?? "The call is over.");
  }

  #replaced() {
    this.#over("You joined or left this call by another device or page.");
  }

  #takeIce({ ice_servers, expires_at }) {
    this.#seat.ice.ice_servers = ice_servers;
    for (const { peer } of this.peers) peer.connection.setConfiguration({ iceServers: ice_servers });
    clearTimeout(this.#renewal);
    if (!expires_at) return;
    const wait = Math.max(Date.parse(expires_at) - Date.now() - RENEW_EARLY_MS, 5_000);
    // Without a line it is the resume that brings new ones.
    this.#renewal = setTimeout(() => this.ask("ice").then((ice) => this.#takeIce(ice), () => {}), wait);
  }

  #over(why) {
    this.close();
    this.#tell("over", { why });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
