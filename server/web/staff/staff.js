// The page of staff: sign in, and one panel for each of PANELS. A new panel is one row there.
import { Line } from "/call/line.js";
import { Refusal } from "/call/refusal.js";
import { Session } from "/call/session.js";
import { PANELS } from "./panels.js";

const part = (id) => document.getElementById(id);

// What panels are given: to ask by REST, to ask and hear by the socket, and to say what went wrong.
class Desk {
  #session;

  constructor(session, line) {
    this.#session = session;
    this.line = line;
  }

  async rest(method, path, body) {
    const headers = { Authorization: `Bearer ${await this.#session.token()}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    const answer = response.status === 204 ? null : await response.json();
    if (!response.ok) throw new Refusal(answer);
    return answer;
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
  await line.open();
  const desk = new Desk(session, line);
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
