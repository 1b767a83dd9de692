// The conversation of the call, beside it: the same one that was there before, and that stays.
import { asked, at, opens } from "./page.js";

const LATEST = 50;

export class Chat {
  #line = null;
  #thread = null;
  #me;
  #nameOf;
  #known = new Set();
  #unread = 0;
  #show;

  constructor(nameOf) {
    this.#nameOf = nameOf;
    this.#show = opens("chat", "talk", { onOpen: () => this.#read() });
    asked(at("say"), "submit", async () => {
      const text = at("text").value.trim();
      if (!text) return;
      const said = { thread_id: this.#thread, message_content: text, client_id: crypto.randomUUID() };
      await this.#line.ask("message:send", said);
      at("text").value = "";
      at("text").focus();
    });
  }

  hear(line, me) {
    this.#line = line;
    this.#me = me;
    line.addEventListener("message:created", ({ detail: { message } }) => {
      if (message.thread_id === this.#thread) this.#add(message);
    });
  }

  // A call with the server's own peer is in no conversation.
  async enter(threadId) {
    at("chat").hidden = threadId === null;
    if (threadId === this.#thread || threadId === null) return;
    this.#thread = threadId;
    const { items } = await this.#line.ask("message:list", { thread_id: threadId, limit: LATEST });
    for (const message of items) await this.#add(message, { isNew: false });
  }

  leave() {
    this.#show(false);
    this.#thread = null;
    this.#known.clear();
    this.#unread = 0;
    at("messages").replaceChildren();
  }

  async #add(message, { isNew = true } = {}) {
    if (message.deleted || this.#known.has(message.seq)) return;
    this.#known.add(message.seq);
    const item = document.createElement("li");
    const who = document.createElement("b");
    const mine = message.sender === this.#me;
    const name = message.sender ? (mine ? "You" : await this.#nameOf(message.sender)) : "SkillNet";
    who.textContent = name;
    item.append(who, ` ${message.message_content}`);
    item.className = mine ? "own" : "";
    at("messages").append(item);
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
