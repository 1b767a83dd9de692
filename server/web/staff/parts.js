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
