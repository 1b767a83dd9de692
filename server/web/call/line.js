// The socket: asks in the imperative, tells what was heard, and comes back by itself when it is cut.
import { io } from "./socket.io.esm.min.js";
import { Refusal } from "./session.js";

const ANSWER_MS = 10_000;
const EXPIRED = new Set(["unauthenticated", "token_expired"]);

export class Line extends EventTarget {
  #session;
  #socket;
  #renewals = 0;

  constructor(session) {
    super();
    this.#session = session;
    this.#socket = io({
      autoConnect: false,
      transports: ["websocket", "polling"],
      reconnectionDelay: 300,
      reconnectionDelayMax: 3000,
      auth: (done) => session.token().then((token) => done({ token }), (refusal) => this.#over(refusal)),
    });
    this.#socket.on("connect_error", (error) => this.#refused(error));
    this.#socket.on("disconnect", (reason) => this.#cut(reason));
    this.#socket.on("auth:expiring", () => this.#renew());
    this.#socket.on("session:ended", (said) => this.#ended(said.data ?? said));
    this.#socket.onAny((name, said) => this.#tell(name, said?.data ?? said));
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

  #tell(name, detail) {
    if (name === "hello") {
      this.#renewals = 0;
      this.connectionId = detail.connection_id;
    }
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  async #refused(error) {
    // The engine's own failures have no problem, and are tried again by the client itself.
    const problem = error.data;
    if (!problem?.code) return this.#tell("cut", { message: "The server cannot be reached; trying again." });
    try {
      if (EXPIRED.has(problem.code)) {
        if (this.#renewals++) throw new Refusal(problem);
        await this.#session.renewed();
      } else if (!problem.retryable) {
        throw new Refusal(problem);
      }
      setTimeout(() => this.#socket.connect(), problem.retry_after_ms ?? 500);
    } catch (refusal) {
      this.#over(refusal);
    }
  }

  #cut(reason) {
    if (reason === "io client disconnect") return;
    this.#tell("cut", { message: "The line to the server is lost; trying again." });
    // The server's own goodbye is final for the client; session:ended has said if it is for us.
    if (reason === "io server disconnect") setTimeout(() => this.#socket.connect(), 500);
  }

  async #renew() {
    try {
      await this.ask("auth:refresh", { token: await this.#session.renewed() });
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
