// Forms: what the server refuses stands at the field that it is about, and what was typed stays.
import { text } from "./parts.js";

let count = 0;

// An input with its label, and room for what is wrong with it.
export function field(name, words, input) {
  const made = document.createElement("div");
  const label = text("label", words);
  const fault = faultOf(name);
  Object.assign(input, { name, id: `of-${fault.id}` });
  label.htmlFor = input.id;
  input.setAttribute("aria-describedby", fault.id);
  made.append(label, input, fault);
  return made;
}

export function line(facts = {}) {
  return Object.assign(document.createElement("input"), facts);
}

export function lines(facts = {}) {
  return Object.assign(document.createElement("textarea"), { rows: 3, ...facts });
}

// One of a group, to be ticked.
export function tick(type, name, value, words) {
  const made = text("label", "", "tick");
  made.append(line({ type, name, value }), words);
  return made;
}

export function group(name, words, ...parts) {
  const made = document.createElement("fieldset");
  const fault = faultOf(name);
  made.setAttribute("aria-describedby", fault.id);
  made.append(text("legend", words), ...parts, fault);
  return made;
}

function faultOf(name) {
  const made = text("p", "", "fault");
  count += 1;
  made.id = `fault-${count}`;
  made.dataset.of = name;
  return made;
}

// Sends once what is typed; `elsewhere` says at which field stands what is said of another.
export function form(parts, words, send, elsewhere = {}) {
  const made = document.createElement("form");
  const submit = text("button", words);
  const refused = text("p", "", "refused");
  refused.setAttribute("role", "alert");
  made.append(...parts, refused, submit);
  let sending = false;
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    // Not disabled: whoever has the keyboard on it keeps it.
    submit.setAttribute("aria-busy", "true");
    forget(made, refused);
    try {
      await send(new FormData(made));
    } catch (refusal) {
      tell(made, refused, refusal, elsewhere);
    } finally {
      sending = false;
      submit.removeAttribute("aria-busy");
    }
  });
  return made;
}

function forget(made, refused) {
  for (const fault of [refused, ...made.querySelectorAll(".fault")]) fault.textContent = "";
  for (const input of made.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

function tell(made, refused, refusal, elsewhere) {
  const faults = refusal.problem?.fields ?? [];
  const places = faults.map(({ field: path }) => {
    const [name] = path.split(".");
    return made.querySelector(`.fault[data-of="${CSS.escape(elsewhere[name] ?? name)}"]`);
  });
  // What belongs nowhere else is said before the button.
  if (!faults.length || places.includes(null)) refused.textContent = refusal.message;
  places.forEach((place, at) => {
    if (place) place.textContent = [place.textContent, faults[at].message].filter(Boolean).join(" ");
  });
  const where = made.querySelector(".fault:not(:empty)")?.parentElement;
  const input = where?.querySelector("[type=datetime-local]:enabled") ?? where?.querySelector("input, textarea");
  input?.setAttribute("aria-invalid", "true");
  (input ?? made.querySelector("button:not([type])")).focus();
}
