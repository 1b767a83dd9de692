// Who is signed in. Tokens stay in this page's memory: what another page of ours handed over is taken out of storage.
import { Refusal } from "./refusal.js";

const HANDED_OVER = "skillnet.session";
const EARLY_MS = 60_000;

async function post(path, body) {
  let response, answer;
  try {
    response = await fetch(`/api/v1${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    // What stands before the server has pages of its own for when it is away.
    answer = await response.json();
  } catch {
    throw new Refusal({ code: "unreachable", message: "The server cannot be reached; try again." });
  }
  if (!response.ok) throw new Refusal(answer);
  return answer;
}

export class Session {
  #tokens;
  #refreshing = null;

  constructor(tokens) {
    this.#tokens = tokens;
  }

  static handedOver() {
    const kept = sessionStorage.getItem(HANDED_OVER);
    sessionStorage.removeItem(HANDED_OVER);
    return kept ? new Session(JSON.parse(kept)) : null;
  }

  static async signIn(body) {
    return new Session(await post("/auth/login", body));
  }

  // A token that is good for a while yet.
  async token() {
    if (Date.parse(this.#tokens.expires_at) - Date.now() > EARLY_MS) return this.#tokens.access_token;
    return this.renewed();
  }

  // The next token; a refresh token is good for one exchange, so that all who ask meanwhile share it.
  async renewed() {
    this.#refreshing ??= post("/auth/refresh", { refresh_token: this.#tokens.refresh_token }).finally(() => {
      this.#refreshing = null;
    });
    this.#tokens = await this.#refreshing;
    return this.#tokens.access_token;
  }
}
