// Who is there and who wants to come in, and what the host may do about each of them.
import { asked, at, button, opens, press, refuse, tell } from "./page.js";

export class People {
  #nameOf;
  #me;
  #room = null;
  #locked = false;
  #show;

  constructor(nameOf) {
    this.#nameOf = nameOf;
    this.#show = opens("people", "roster", { onOpen: () => at("roster").querySelector("h2").focus() });
    asked(at("lock"), "click", async () => {
      await this.#room.ask("lock", { locked: !this.#locked });
    });
    asked(at("end"), "click", () => this.#room.ask("end"));
  }

  enter(room, me) {
    this.#room = room;
    this.#me = me;
    at("knocks").replaceChildren();
  }

  leave() {
    this.#room = null;
    this.#show(false);
  }

  get #leads() {
    return this.#room.host === this.#me;
  }

  lead({ locked }) {
    this.#locked = locked;
    press("lock", locked);
    for (const id of ["lock", "end"]) at(id).hidden = !this.#leads;
    // Whoever leads now is told of those who wait.
    if (!this.#leads) at("knocks").replaceChildren();
    this.draw();
  }

  async draw() {
    const room = this.#room;
    const items = await Promise.all((room?.people ?? []).map((one) => this.#item(one)));
    if (this.#room !== room || !room) return;
    const own = document.createElement("li");
    own.append(this.#leads ? "You, the host" : "You");
    const focused = document.activeElement?.dataset.does;
    at("names").replaceChildren(own, ...items);
    if (focused) at("names").querySelector(`[data-does="${focused}"]`)?.focus();
    at("people-count").textContent = items.length + 1;
  }

  async #item({ view, away }) {
    const name = await this.#nameOf(view.user_id);
    const item = document.createElement("li");
    const notes = [
      view.user_id === this.#room?.host && "the host",
      away && "reconnecting",
      view.hand && "hand raised",
      !view.mic && "muted",
    ].filter(Boolean);
    const label = document.createElement("span");
    label.textContent = [name, ...notes].join(", ");
    item.append(label);
    if (!this.#room || !this.#leads) return item;
    for (const [verb, text, done] of [
      ["mute", `Ask ${name} to be silent`, `${name} is asked to be silent.`],
      ["transfer", `Make ${name} the host`, `${name} leads the call now.`],
      ["remove", `Remove ${name}`, `${name} is out of the call.`],
    ]) {
      const made = button(text, () => this.#room.ask(verb, { peer_id: view.peer_id }).then(() => tell(done)));
      made.dataset.does = `${verb}:${view.peer_id}`;
      if (verb === "remove") made.className = "stop";
      item.append(made);
    }
    return item;
  }

  // The keyboard goes on to the next who waits, or to what one does.
  #settled(item) {
    item.remove();
    (at("knocks").querySelector("button") ?? at("people")).focus();
  }

  async knocked({ peer_id, user_id, state }) {
    at("knocks").querySelector(`[data-peer="${peer_id}"]`)?.remove();
    if (state !== "waiting") return;
    const item = document.createElement("li");
    item.dataset.peer = peer_id;
    at("knocks").append(item);
    const name = await this.#nameOf(user_id);
    // Gone by now, or told once more.
    if (!item.isConnected) return;
    item.append(`${name} wants to come in. `);
    for (const [verb, label] of [["admit", `Let ${name} in`], ["deny", "Not now"]]) {
      item.append(button(label, () => this.#room.ask(verb, { peer_id }).then(() => this.#settled(item))));
    }
    tell(`${name} wants to come in.`);
  }
}

// What is said with a hand or a face: raised, or for a moment.
export class Signs {
  #room = null;
  #show;

  constructor(tiles, nameOf) {
    this.tiles = tiles;
    this.nameOf = nameOf;
    this.#show = opens("react", "faces", { onOpen: () => at("faces").querySelector("button").focus() });
    for (const face of at("faces").querySelectorAll("button")) {
      asked(face, "click", async () => {
        await this.#room.ask("react", { emoji: face.dataset.emoji });
        tiles.react("own", face.dataset.emoji);
        this.#show(false);
        at("react").focus();
      });
    }
    asked(at("hand"), "click", async () => {
      const raised = at("hand").getAttribute("aria-pressed") !== "true";
      await this.#room.ask("hand", { raised });
      press("hand", raised);
    });
  }

  enter(room) {
    this.#room = room;
    press("hand", false);
    room.addEventListener("reacted", async ({ detail: { one, emoji } }) => {
      this.tiles.react(one.view.peer_id, emoji);
      tell(`${await this.nameOf(one.view.user_id)} reacts: ${emoji}`);
    });
  }

  leave() {
    this.#room = null;
    this.#show(false);
    press("hand", false);
    refuse("");
  }
}
