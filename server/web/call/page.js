// What every part of the page does with it: find, say, refuse, and do what a person asks for.
export const at = (id) => document.getElementById(id);

export function refuse(text) {
  at("refusal").textContent = text;
}

export function tell(text) {
  at("news").textContent = text;
}

const busy = new WeakSet();

// Does something that a person asked for; whatever is refused is said, and nothing is asked twice meanwhile.
// A button that is disabled would lose the keyboard, so that it only says that it is.
export function asked(element, kind, work) {
  element.addEventListener(kind, async (event) => {
    event.preventDefault();
    const button = event.submitter ?? element;
    if (busy.has(button)) return;
    busy.add(button);
    button.setAttribute("aria-disabled", true);
    refuse("");
    try {
      await work(event);
    } catch (refusal) {
      refuse(refusal.message);
    } finally {
      busy.delete(button);
      button.removeAttribute("aria-disabled");
    }
  });
}

export function button(label, work) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  asked(made, "click", work);
  return made;
}

export function press(id, pressed) {
  at(id).setAttribute("aria-pressed", pressed);
}

// A part of the page that a button shows and hides; shown, it has the keyboard.
export function opens(id, part, { onOpen = () => {} } = {}) {
  const opener = at(id);
  const set = (open) => {
    at(part).hidden = !open;
    opener.setAttribute("aria-expanded", open);
    if (open) onOpen();
  };
  opener.addEventListener("click", () => set(at(part).hidden));
  at(part).addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    set(false);
    opener.focus();
  });
  return set;
}
