// The socket: asks in the imperative, tells what was heard, and comes back by itself when it is cut.
import { io } from "./socket.io.esm.min.js";
import { Refusal, patiently } from "./refusal.js";

const ANSWER_MS = 10_000;
const CONNECT_MS = 500;
const EXPIRED = new Set(["unauthenticated", "token_expired"]);

export class Line extends EventTarget {
  #session;
  #socket;
  #renewals = 0;
  #timer = null;
  // Up to where this page was told what lasts: what it missed is told after the next hello.
  #since;

  constructor(session) {
    super();
    this.#session = session;
    this.#socket = io({
      autoConnect: false,
      transports: ["websocket", "polling"],
      reconnectionDelay: 300,
      reconnectionDelayMax: 3000,
      auth: (done) => session.token().then((token) => done({ token, since: this.#since }), (refusal) => this.#failed(refusal)),
    });
    this.#socket.on("connect_error", (error) => this.#refused(error));
    this.#socket.on("disconnect", (reason) => this.#cut(reason));
    this.#socket.on("auth:expiring", () => this.#renew());
    this.#socket.on("session:ended", (said) => this.#ended(said.data ?? said));
    this.#socket.onAny((name, said) => this.#heard(name, said ?? {}));
  }

  // The first hello; later ones are told as events of that name.
  open() {
    return new Promise((resolve, reject) => {
      this.addEventListener("hello", (event) => resolve(event.detail), { once: true });
      this.addEventListener("over", (event) => reject(event.detail), { once: true });
      this.#socket.connect();
    });
  }

  close() {
    clearTimeout(this.#timer);
    this.#socket.close();
  }

  get isUp() {
    return this.#socket.connected;
  }

  async ask(name, payload) {
    // Nothing is kept for later: after a cut the room begins with what holds then.
    if (!this.isUp) throw new Refusal({ code: "offline", message: "There is no line to the server at the moment." });
    let answer;
    try {
      answer = await this.#socket.timeout(ANSWER_MS).emitWithAck(name, payload);
    } catch {
      throw new Refusal({ code: "offline", message: "The server did not answer in time." });
    }
    if (!answer.ok) throw new Refusal(answer.error);
    return answer.data;
  }

  #heard(name, said) {
    const isHello = name === "hello";
    if (isHello) {
      this.#renewals = 0;
      this.connectionId = said.connection_id;
    }
    const isLost = name === "sync:reset" || (isHello && this.#since !== undefined && !said.recovered);
    // A hello that has what was missed is followed by it, number by number.
    if (said.epoch !== undefined && !(isHello && said.recovered)) this.#since = { epoch: said.epoch, seq: said.seq };
    this.#tell(name, said.data ?? said);
    if (isLost) this.#tell("missed", {});
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  async #refused(error) {
    // The engine's own failures have no problem, and are tried again by the client itself.
    const problem = error.data;
    if (!problem?.code) return this.#tell("cut", { message: "The server cannot be reached; trying again." });
    const refusal = new Refusal(problem);
    if (!EXPIRED.has(problem.code) || this.#renewals) return this.#failed(refusal);
    try {
      await this.#session.renewed();
    } catch (failure) {
      return this.#failed(failure);
    }
    this.#renewals += 1;
    this.#connectIn(CONNECT_MS);
  }

  #failed(refusal) {
    if (!refusal.passes) return this.#over(refusal);
    this.#tell("cut", { message: refusal.message });
    this.#connectIn(refusal.waitMs);
  }

  #connectIn(wait) {
    // What was begun without a token is not to be begun a second time by the client itself.
    this.#socket.disconnect();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#socket.connect(), wait);
  }

  #cut(reason) {
    if (reason === "io client disconnect") return;
    this.#tell("cut", { message: "The line to the server is lost; trying again." });
    // The server's own goodbye is final for the client; session:ended has said if it is for us.
    if (reason === "io server disconnect") this.#connectIn(CONNECT_MS);
  }

  async #renew() {
    const { connectionId } = this;
    const renew = async () => this.ask("auth:refresh", { token: await this.#session.renewed() });
    try {
      // Who connects anew does it by the next token.
      await patiently(renew, () => this.isUp && this.connectionId === connectionId);
    } catch (refusal) {
      this.#tell("cut", { message: refusal.message });
    }
  }

  #ended({ reconnect }) {
    if (!reconnect) this.#over(new Refusal({ code: "session_ended", message: "You were signed out; sign in again." }));
  }

  #over(refusal) {
    this.close();
    this.#tell("over", refusal);
  }
}
