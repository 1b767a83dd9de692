// What panels are made of. Text goes in as text: nothing that people wrote is ever read as HTML.

export function button(text, does, label, kind) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  if (kind) made.classList.add(kind);
  made.addEventListener("click", async () => {
    made.disabled = true;
    await does();
    made.disabled = false;
  });
  return made;
}

export function list(pairs) {
  const made = document.createElement("dl");
  for (const [name, value] of pairs) {
    const term = document.createElement("dt");
    const told = document.createElement("dd");
    term.textContent = name;
    told.textContent = value;
    made.append(term, told);
  }
  return made;
}

// A cell that is an array holds buttons.
export function table(names, rows, nothing) {
  if (!rows.length) {
    const none = document.createElement("p");
    none.className = "quiet";
    none.textContent = nothing;
    return none;
  }
  const made = document.createElement("table");
  const head = made.createTHead().insertRow();
  for (const name of names) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    row.forEach((value, at) => {
      const cell = line.insertCell();
      cell.dataset.name = names[at];
      if (Array.isArray(value)) {
        cell.className = "does";
        cell.append(...value);
      } else {
        cell.textContent = value;
      }
    });
  }
  const scrolls = document.createElement("div");
  scrolls.className = "scrolls";
  scrolls.append(made);
  return scrolls;
}

export function when(moment) {
  return new Date(moment).toLocaleString(undefined, { dateStyle: "short", timeStyle: "medium" });
}

export function text(kind, words, name) {
  const made = document.createElement(kind);
  made.textContent = words;
  if (name) made.className = name;
  return made;
}

// A heading that the keyboard can be put on, when what it is over has just come.
export function heading(kind, words) {
  const made = text(kind, words);
  made.tabIndex = -1;
  return made;
}

// Fills a part anew: whoever has the keyboard on something in it has it on the same thing afterwards.
export function fill(body, ...parts) {
  const id = body.contains(document.activeElement) ? document.activeElement.id : "";
  body.replaceChildren(...parts);
  if (id) document.getElementById(id)?.focus();
}

// Whatever is kept of something, as deep as it goes; what is empty says nothing.
export function tree(value) {
  if (typeof value !== "object") return text("span", String(value), "words");
  const made = document.createElement(Array.isArray(value) ? "ul" : "dl");
  made.className = "tree";
  for (const [name, one] of Object.entries(value)) {
    if (isEmpty(one)) continue;
    const told = document.createElement(Array.isArray(value) ? "li" : "dd");
    told.append(tree(one));
    made.append(...(Array.isArray(value) ? [] : [text("dt", name)]), told);
  }
  return made;
}

function isEmpty(value) {
  return value === null || value === "" || (typeof value === "object" && !Object.values(value).some((one) => !isEmpty(one)));
}

// However often it is asked for meanwhile: one at a time, and once more when that is over.
export function inTurn(work) {
  let running = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await work();
    } while (again);
  };
  return () => {
    again = running !== null;
    running ??= run().finally(() => { running = null; });
    return running;
  };
}
