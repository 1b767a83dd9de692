// One case: what was reported and what it was then, what staff told each other, and what becomes of it.
import { Deciding } from "./deciding.js";
import { field, form, lines } from "./forms.js";
import { Measures } from "./measures.js";
import { button, fill, heading, inTurn, list, text, tree, when } from "./parts.js";

const KEPT_MS = 60_000;

export class Case {
  part = document.createElement("article");
  #desk;
  #onChange;
  #heading = heading("h3", "");
  #said = text("p", "", "said");
  #facts = document.createElement("div");
  #reports = document.createElement("div");
  #notes = document.createElement("div");
  #deciding = null;
  #measures = null;
  // Up to where it was read what was reported, if there is more.
  #cursor = null;
  // What was seen of it is what is decided about.
  #version = null;
  #seen = new Set();

  constructor(id, desk, { onChange, onClose }) {
    this.id = id;
    this.#desk = desk;
    this.#onChange = onChange;
    this.look = inTurn(() => this.#look());
    this.#heading.id = `case-${id}`;
    this.#said.setAttribute("role", "status");
    this.part.className = "case";
    this.part.setAttribute("aria-labelledby", this.#heading.id);
    this.part.append(
      this.#heading, this.#said, this.#facts, text("h4", "What it is about"), this.#reports,
      text("h4", "Notes of the staff"), this.#notes, this.#noteForm(), button("Close", onClose, "Close this case", "plain"),
    );
  }

  focus() {
    this.#heading.focus();
    this.part.scrollIntoView({ block: "nearest" });
  }

  get #path() {
    return `/staff/reports/${this.id}/`;
  }

  // Of what is typed nothing is touched: only what is told of the case is written anew.
  async #look() {
    const { case: found, items, next_cursor: next } = await this.#desk.rest("GET", this.#path);
    if (!this.#deciding) this.#addForms(found);
    else if (found.state !== "open" && !this.#deciding.part.hidden) this.#said.textContent = "It is decided.";
    if (items.some(({ reporter }) => reporter === null)) {
      // What is decided about is what waits, as it is by now.
      this.#cursor = null;
      this.#seen.clear();
      this.#reports.replaceChildren();
    }
    if (!this.#cursor) {
      this.#cursor = next;
      this.#reports.append(...await this.#unseen(items), ...this.#more());
    }
    this.#heading.textContent = `${found.waits ? "To be approved" : "Reported"}: ${found.kind}`;
    this.#version = found.version;
    this.#deciding.part.hidden = found.state !== "open";
    fill(this.#facts, list(await this.#told(found)), ...this.#assign(found));
    fill(this.#notes, ...await this.#written(found));
    await this.#measures?.look();
  }

  #addForms(found) {
    this.#deciding = new Deciding(found, (asked) => this.#decide(asked));
    const before = this.part.lastElementChild;
    if (found.about) {
      this.#measures = new Measures(found.about, this.#desk);
      before.before(text("h4", "What staff did to them"), this.#measures.part);
    }
    before.before(this.#deciding.part);
  }

  async #told({ kind, thing_id: thing, about, count, reasons, state, assignee, createdAt, reported_at: last, decision }) {
    const nameOf = (id) => this.#desk.nameOf(id);
    return [
      ["What", `${kind} ${thing}`],
      ["Whose", about ? await nameOf(about) : "of several people"],
      ...(count ? [["Reports", `${count}: ${Object.entries(reasons).map(([reason, times]) => `${reason} ${times}`).join(", ")}`]] : []),
      ["First and last", `${when(createdAt)}, ${when(last)}`],
      ["State", state],
      ["Taken by", assignee ? await nameOf(assignee) : "nobody"],
      ...(decision ? [["Decided", `by ${await nameOf(decision.by)}, ${when(decision.at)}: ${decision.reason}`]] : []),
    ];
  }

  #assign({ state, assignee, version }) {
    if (state !== "open") return [];
    const isMine = assignee === this.#desk.me;
    const made = button(isMine ? "Give it back" : "Take it on", async () => {
      await this.#does(async () => {
        await this.#desk.rest("PUT", `${this.#path}assignee/`, { assignee: isMine ? null : this.#desk.me, version });
        this.#said.textContent = isMine ? "You gave it back." : "You have taken it on.";
      });
      this.part.querySelector("#assign")?.focus();
    });
    made.id = "assign";
    return [made];
  }

  async #report({ reporter, reason, words, evidence, files, createdAt }) {
    const made = document.createElement("section");
    made.tabIndex = -1;
    if (reporter) made.append(list([
      ["By", await this.#desk.nameOf(reporter)], ["For", reason], ["On", when(createdAt)],
      ...(words ? [["In their words", words]] : []),
    ]));
    made.append(text("p", reporter ? "What it was then:" : "What it is now:", "quiet"), tree(evidence));
    for (const file of files) {
      const address = file.url.replace("/api/v1", "");
      made.append(button(`Fetch ${file.name}`, () => this.#does(async () => save(await this.#desk.file(address), file.name))));
    }
    return made;
  }

  #more() {
    if (!this.#cursor) return [];
    const made = button("More of what was reported", () => this.#does(async () => {
      const { items, next_cursor: next } = await this.#desk.rest("GET", `${this.#path}?cursor=${encodeURIComponent(this.#cursor)}`);
      this.#cursor = next;
      const more = await this.#unseen(items);
      made.replaceWith(...more, ...this.#more());
      more[0]?.focus();
    }));
    return [made];
  }

  #unseen(items) {
    const found = items.filter(({ id }) => !this.#seen.has(id));
    for (const { id } of found) this.#seen.add(id);
    return Promise.all(found.map((one) => this.#report(one)));
  }

  async #written({ notes }) {
    if (!notes.length) return [text("p", "There are none.", "quiet")];
    return Promise.all(notes.map(async ({ by, text: words, at }) => {
      const made = text("p", "", "note");
      made.append(text("span", `${await this.#desk.nameOf(by)}, ${when(at)}`, "quiet"), text("span", words, "words"));
      return made;
    }));
  }

  #noteForm() {
    const input = lines({ required: true, maxLength: 2000 });
    // The same words keep their id until the server has said that it has them: perhaps it had them before.
    let unsent = null;
    return form([field("text", "What the others on the staff should know", input)], "Add the note", async () => {
      if (unsent?.text !== input.value) unsent = { text: input.value, client_id: crypto.randomUUID() };
      await this.#desk.rest("POST", `${this.#path}notes/`, unsent);
      unsent = null;
      input.value = "";
      input.focus();
      await this.#changed("The note is there.");
    });
  }

  async #decide(asked) {
    try {
      await this.#desk.rest("POST", `${this.#path}decision/`, { ...asked, version: this.#version });
    } catch (refusal) {
      if (refusal.code === "conflict") await this.#desk.looks(this.look);
      if (refusal.code !== "invalid_transition") throw refusal;
      // Somebody else has, whose decision is to be seen; there is nothing to send any more.
      return this.#decided(refusal.message);
    }
    return this.#decided("You have decided it.");
  }

  async #decided(words) {
    await this.#changed(words);
    this.focus();
  }

  async #does(work) {
    this.#said.textContent = "";
    try {
      await work();
    } catch (refusal) {
      this.#said.textContent = refusal.message;
    }
    await this.#changed(this.#said.textContent);
  }

  async #changed(words) {
    await this.#desk.looks(this.look);
    this.#said.textContent = words;
    this.#onChange();
  }
}

// Files are fetched by who is signed in, which a link is not.
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Some browsers begin to read it a moment later.
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
