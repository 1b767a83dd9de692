// The page of staff: sign in, and one panel for each of PANELS. A new panel is one row there.
import { Line } from "/call/line.js";
import { Refusal } from "/call/refusal.js";
import { Session } from "/call/session.js";
import { PANELS } from "./panels.js";

const AWAY = { code: "unreachable", message: "The server cannot be reached; try again." };

const part = (id) => document.getElementById(id);

// What panels are given: to ask by REST, to ask and hear by the socket, and to say what went wrong.
class Desk {
  // Set by the panel of reports: shows a case.
  openCase = null;
  #session;
  #names = new Map();
  // Why what was looked for last was not there.
  #missed = "";

  constructor(session, line, me) {
    this.#session = session;
    this.line = line;
    this.me = me;
  }

  async rest(method, path, body) {
    const json = body === undefined ? {} : { "Content-Type": "application/json" };
    const response = await this.#fetch(path, { method, headers: json, body: body && JSON.stringify(body) });
    return response.status === 204 ? null : this.#read(response, "json");
  }

  async file(path) {
    return this.#read(await this.#fetch(path, {}), "blob");
  }

  // Of whom is not shown, or not any more, there is the id.
  async nameOf(id) {
    if (id === this.me) return "you";
    if (!this.#names.has(id)) this.#names.set(id, this.#askName(id));
    return this.#names.get(id);
  }

  async #askName(id) {
    try {
      return (await this.rest("GET", `/users/${id}/`)).name;
    } catch (refusal) {
      if (refusal.passes) this.#names.delete(id);
      return id;
    }
  }

  async #fetch(path, { headers, ...rest }) {
    const authorization = { Authorization: `Bearer ${await this.#session.token()}` };
    const response = await fetch(`/api/v1${path}`, { ...rest, headers: { ...authorization, ...headers } }).catch(() => {
      throw new Refusal(AWAY);
    });
    if (!response.ok) throw new Refusal(await this.#read(response, "json"));
    return response;
  }

  #read(response, form) {
    // What stands before the server has pages of its own for when it is away.
    return response[form]().catch(() => { throw new Refusal(AWAY); });
  }

  // What the page looks for by itself takes the keyboard from nobody, and wipes away nothing that they have not read.
  async looks(work) {
    try {
      await work();
      if (part("refusal").textContent === this.#missed) part("refusal").textContent = "";
    } catch (refusal) {
      this.#missed = refusal.message;
      part("refusal").textContent = refusal.message;
    }
  }

  async does(work) {
    part("refusal").textContent = "";
    try {
      return await work();
    } catch (refusal) {
      say(refusal);
      return undefined;
    }
  }
}

function say(refusal) {
  part("refusal").textContent = refusal.message;
  part("refusal").focus();
}

async function begin(session) {
  const line = new Line(session);
  line.addEventListener("cut", () => { part("line").textContent = "The line to the server is lost; trying again."; });
  line.addEventListener("over", (event) => { part("line").textContent = ""; say(event.detail); });
  const { user_id: me } = await line.open();
  const desk = new Desk(session, line, me);
  try {
    // Who is no staff is told so once, and not by every panel.
    await desk.rest("GET", "/staff/figures/");
  } catch (refusal) {
    line.close();
    throw refusal;
  }
  const watch = () => {
    part("line").textContent = "Live";
    for (const event of ["figures:watch", "staff:watch"]) desk.does(() => line.ask(event, {}));
  };
  line.addEventListener("hello", watch);
  watch();
  part("sign-in").hidden = true;
  part("panels").hidden = false;
  for (const { title, wide, open } of PANELS) {
    const panel = document.createElement("section");
    const heading = document.createElement("h2");
    heading.id = `panel-${part("panels").children.length}`;
    heading.textContent = title;
    panel.setAttribute("aria-labelledby", heading.id);
    panel.classList.toggle("wide", Boolean(wide));
    const body = document.createElement("div");
    panel.append(heading, body);
    part("panels").append(panel);
    open(body, desk);
  }
}

part("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  part("refusal").textContent = "";
  const { code, ...body } = Object.fromEntries(new FormData(event.target));
  try {
    await begin(await Session.signIn(code ? { ...body, code } : body));
  } catch (refusal) {
    if (refusal.code === "second_factor_required") part("second").hidden = false;
    say(refusal);
  } finally {
    button.disabled = false;
  }
});
