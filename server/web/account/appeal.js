// What staff did and why, by the same link, before one says anything to it; and what has become of what one said.
import { form, post, say, token } from "/account/account.js";

const DONE = { suspension: "You are kept out", ban: "You are kept out for good" };
const SAID = {
  open: "You have appealed. Somebody else of the staff will decide, and write to you.",
  upheld: "You have appealed, and it was upheld: ",
  reversed: "You have appealed, and it was taken back: ",
};

const moment = (text) => new Date(text).toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" });

function facts({ measure, until, in_force, reason, rule, appeal_by }) {
  return [
    ["What was done", `${DONE[measure]}${until ? `, until ${moment(until)}` : ""}${in_force ? "" : "; it is over"}.`],
    ["Why", reason],
    ["By which rule", rule],
    ["Appeal until", moment(appeal_by)],
  ].filter(([, told]) => told);
}

function show(statement) {
  for (const [name, told] of facts(statement)) {
    const made = { dt: document.createElement("dt"), dd: document.createElement("dd") };
    made.dt.textContent = name;
    made.dd.textContent = told;
    document.querySelector("dl").append(made.dt, made.dd);
  }
  if (!statement.appeal) return;
  form.hidden = true;
  say(SAID[statement.appeal.state] + statement.appeal.reason);
}

if (token) {
  try {
    show(await post("/api/v1/auth/statements/open", { token }));
  } catch (refusal) {
    form.hidden = true;
    say(refusal.message);
  }
}
