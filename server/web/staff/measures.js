// What staff did to somebody so far, and taking it back.
import { button, fill, table, text, when } from "./parts.js";

export class Measures {
  part = document.createElement("div");
  #desk;
  #path;
  #list = document.createElement("div");
  #said = text("p", "", "said");

  constructor(userId, desk) {
    this.#desk = desk;
    this.#path = `/staff/people/${userId}/measures/`;
    this.#said.setAttribute("role", "status");
    this.part.append(this.#said, this.#list);
  }

  async look() {
    const { items } = await this.#desk.rest("GET", this.#path);
    const rows = await Promise.all(items.map(async (one) => [
      one.measure, one.until ? when(one.until) : "", one.reason, one.rule,
      one.by ? await this.#desk.nameOf(one.by) : "the server", when(one.createdAt),
      one.in_force ? [this.#lifting(one)] : one.ended_at ? "taken back" : "over",
    ]));
    fill(this.#list, table(["What", "Until", "Why", "Rule", "By", "On", ""], rows, "Nothing so far."));
  }

  #lifting({ id, measure }) {
    return button("Take back", async () => {
      this.#said.textContent = "";
      try {
        await this.#desk.rest("DELETE", `/staff/measures/${id}/`);
        this.#said.textContent = "It is taken back.";
      } catch (refusal) {
        this.#said.textContent = refusal.message;
      }
      await this.#desk.looks(() => this.look());
    }, `Take back: ${measure}`, "stop");
  }
}
