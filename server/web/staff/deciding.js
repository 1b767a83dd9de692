// What becomes of a case: nothing, or something, by measures of which some have an end.
import { field, form, group, line, lines, tick } from "./forms.js";
import { text } from "./parts.js";

// What others can be kept from seeing; the rest is done to whose it is.
const HIDDEN = new Set(["gig", "message", "review", "discussion", "post"]);
const OF_PEOPLE = [
  ["warning", "Warn: nothing else is open to them before they have read it"],
  ["mute", "Mute: they read, and do not write"],
  ["suspension", "Suspend: they are signed out, and kept out for a time"],
  ["ban", "Ban: they are kept out for good"],
];
const WITH_END = { mute: "Muted until", suspension: "Kept out until" };

export class Deciding {
  part = document.createElement("div");
  #measures;

  constructor({ kind, about, waits }, decide) {
    const offered = [
      ...(about ? OF_PEOPLE : []),
      ...(HIDDEN.has(kind) ? [["hidden", `Hide the ${kind}: only its author sees it`]] : []),
    ];
    this.#measures = group("measures", "What is done", ...offered.flatMap(([measure, words]) => this.#offer(measure, words)));
    const outcomes = group(
      "outcome", "What it is",
      tick("radio", "outcome", "dismiss", waits ? "Nothing against the rules: others may see it" : "Nothing against the rules: dismiss it"),
      tick("radio", "outcome", "act", "Against the rules"),
    );
    for (const radio of outcomes.querySelectorAll("input")) radio.required = true;
    outcomes.addEventListener("change", () => this.#show(outcomes.querySelector("[value=act]").checked));
    this.#show(false);
    const reason = field("reason", "Why; told to whom it concerns, if something is done", lines({ required: true, maxLength: 500 }));
    const rule = field("rule", "Against which rule, if any", line({ maxLength: 200 }));
    const parts = [outcomes, this.#measures, reason, rule];
    this.part.append(text("h4", "Decide"), form(parts, "Decide", (typed) => decide(this.#asked(typed)), { until: "measures" }));
  }

  // Of what is not to be done nothing is sent.
  #show(acts) {
    this.#measures.hidden = this.#measures.disabled = !acts;
  }

  #offer(measure, words) {
    const offer = tick("checkbox", "measures", measure, words);
    if (!WITH_END[measure]) return [offer];
    const until = field(`until-${measure}`, WITH_END[measure], line({ type: "datetime-local", required: true, disabled: true }));
    until.hidden = true;
    until.className = "end";
    offer.addEventListener("change", ({ target }) => {
      until.hidden = until.querySelector("input").disabled = !target.checked;
    });
    return [offer, until];
  }

  #asked(typed) {
    const measures = typed.getAll("measures").map((measure) => {
      const until = typed.get(`until-${measure}`);
      return until ? { measure, until: new Date(until).toISOString() } : { measure };
    });
    return { outcome: typed.get("outcome"), reason: typed.get("reason"), rule: typed.get("rule"), measures };
  }
}
