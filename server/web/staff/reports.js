// The queue of what people reported, and the case of it that is open.
import { Case } from "./case.js";
import { button, fill, inTurn, table, when } from "./parts.js";

const SHOWN = [["Open", ""], ["Open, and taken on by you", "mine=true"], ["Closed", "closed=true"]];
const AT_ONCE = 20;

export function reports(body, desk) {
  const which = document.createElement("select");
  which.id = "which-reports";
  for (const [words, query] of SHOWN) which.append(new Option(words, query));
  const label = document.createElement("label");
  label.htmlFor = which.id;
  label.textContent = "Show reports that are";
  const rest = document.createElement("div");
  const opened = document.createElement("div");
  body.append(label, which, rest, opened);
  let wanted = AT_ONCE;
  let shown = null;
  // What was typed of one is there when it is opened again.
  const known = new Map();

  async function page() {
    const found = { items: [], next_cursor: null };
    do {
      const asked = new URLSearchParams(which.value);
      asked.set("limit", AT_ONCE);
      if (found.next_cursor) asked.set("cursor", found.next_cursor);
      const { items, next_cursor: next } = await desk.rest("GET", `/staff/reports/?${asked}`);
      found.items.push(...items);
      found.next_cursor = next;
    } while (found.next_cursor && found.items.length < wanted);
    return found;
  }
  const look = inTurn(async () => {
    const { items, next_cursor: next } = await page();
    const rows = await Promise.all(items.map(async (one) => [
      one.kind, one.count, one.waits ? "to be approved" : Object.keys(one.reasons).join(", "), one.state,
      one.assignee ? await desk.nameOf(one.assignee) : "nobody", when(one.reported_at), [opener(one)],
    ]));
    const more = next ? [button("More reports", () => lookOn(items.length))] : [];
    const names = ["What", "Reports", "For", "State", "Taken by", "Reported last", ""];
    fill(rest, table(names, rows, "Nothing is reported."), ...more);
  });
  async function lookOn(from) {
    wanted += AT_ONCE;
    await desk.looks(look);
    rest.querySelectorAll("button")[from]?.focus();
  }
  function opener({ id, kind }) {
    const made = button("Open", () => desk.does(() => open(id)), `Open the reported ${kind}`);
    made.id = `open-${id}`;
    return made;
  }
  async function open(id) {
    const next = known.get(id) ?? new Case(id, desk, { onChange: () => desk.looks(look), onClose: close });
    await next.look();
    known.set(id, next);
    shown = next;
    opened.replaceChildren(next.part);
    next.focus();
  }
  function close() {
    const back = document.getElementById(`open-${shown.id}`) ?? which;
    shown = null;
    opened.replaceChildren();
    back.focus();
  }
  const lookAll = () => {
    desk.looks(look);
    if (shown) desk.looks(shown.look);
  };
  which.addEventListener("change", () => { wanted = AT_ONCE; desk.looks(look); });
  desk.openCase = open;
  desk.line.addEventListener("staff:report", ({ detail }) => {
    desk.looks(look);
    if (shown?.id === detail.case_id) desk.looks(shown.look);
  });
  desk.line.addEventListener("hello", lookAll);
  lookAll();
}
