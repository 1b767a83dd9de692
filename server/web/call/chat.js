// The conversation of the call, beside it: the same one that was there before, and that stays.
import { asked, at, opens, refuse } from "./page.js";
import { patiently } from "./refusal.js";

const LATEST = 50;

export class Chat {
  #line = null;
  #thread = null;
  #me;
  #nameOf;
  #known = new Set();
  #unsent = null;
  #unread = 0;
  #show;

  constructor(nameOf) {
    this.#nameOf = nameOf;
    this.#show = opens("chat", "talk", { onOpen: () => this.#read() });
    asked(at("say"), "submit", async () => {
      const text = at("text").value.trim();
      if (!text) return;
      await this.#line.ask("message:send", this.#once({ thread_id: this.#thread, message_content: text }));
      this.#unsent = null;
      at("text").value = "";
      at("text").focus();
    });
  }

  hear(line, me) {
    this.#line = line;
    this.#me = me;
    line.addEventListener("message:created", ({ detail: { message } }) => this.#add(message));
    line.addEventListener("missed", () => this.#thread && this.#fetch().catch((refusal) => refuse(refusal.message)));
  }

  // A call with the server's own peer is in no conversation.
  async enter(threadId) {
    at("chat").hidden = threadId === null;
    if (threadId === this.#thread || threadId === null) return;
    this.#thread = threadId;
    await this.#fetch({ isNew: false });
  }

  leave() {
    this.#show(false);
    this.#thread = null;
    this.#known.clear();
    this.#unread = 0;
    at("messages").replaceChildren();
  }

  // The same words keep their id until the server has said that it has them: perhaps it had them before.
  #once(said) {
    const isSame = Object.entries(said).every(([name, value]) => this.#unsent?.[name] === value);
    if (!isSame) this.#unsent = { ...said, client_id: crypto.randomUUID() };
    return this.#unsent;
  }

  async #fetch(how) {
    const asked = { thread_id: this.#thread, limit: LATEST };
    const ask = () => this.#line.ask("message:list", asked);
    const page = await patiently(ask, () => this.#thread === asked.thread_id);
    for (const message of page?.items ?? []) this.#add(message, how);
  }

  async #add(message, { isNew = true } = {}) {
    if (message.thread_id !== this.#thread || message.deleted || this.#known.has(message.seq)) return;
    this.#known.add(message.seq);
    const item = document.createElement("li");
    const who = document.createElement("b");
    const mine = message.sender === this.#me;
    const name = message.sender ? (mine ? "You" : await this.#nameOf(message.sender)) : "SkillNet";
    who.textContent = name;
    item.append(who, ` ${message.message_content}`);
    item.className = mine ? "own" : "";
    item.dataset.seq = message.seq;
    if (message.thread_id !== this.#thread) return;
    // In its order, however long a name or what was missed took to come.
    const later = [...at("messages").children].find((one) => one.dataset.seq > message.seq);
    at("messages").insertBefore(item, later ?? null);
    item.scrollIntoView({ block: "nearest" });
    if (isNew && !mine && at("talk").hidden) {
      this.#unread += 1;
      this.#count();
    }
  }

  #read() {
    this.#unread = 0;
    this.#count();
    at("messages").lastElementChild?.scrollIntoView({ block: "nearest" });
    at("text").focus();
  }

  #count() {
    at("unread").textContent = this.#unread ? `${this.#unread} new` : "";
  }
}
