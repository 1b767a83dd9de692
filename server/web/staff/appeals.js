// What people appealed against: somebody else of the staff than who did it decides.
import { field, form, group, lines, tick } from "./forms.js";
import { button, fill, heading, inTurn, list, table, text, when } from "./parts.js";

const LOOK_MS = 10_000;

export function appeals(body, desk) {
  const rest = document.createElement("div");
  const said = text("p", "", "said");
  const opened = document.createElement("div");
  said.setAttribute("role", "status");
  body.append(said, rest, button("Look again", () => desk.does(look), "Look again for appeals", "plain"), opened);
  let shown = null;
  // What was typed of one is there when it is opened again.
  const known = new Map();

  const look = inTurn(async () => {
    const { items } = await desk.rest("GET", "/staff/appeals/");
    const rows = await Promise.all(items.map(async (one) => [
      await desk.nameOf(one.user_id), one.measure, one.by ? await desk.nameOf(one.by) : "the server",
      when(one.appeal.createdAt), [opener(one)],
    ]));
    fill(rest, table(["Who", "Against", "Done by", "Since", ""], rows, "Nobody waits for a decision."));
  });
  function opener(statement) {
    const made = button("Open", () => desk.does(() => open(statement)), `Open the appeal: ${statement.measure}`);
    made.id = `appeal-${statement.id}`;
    return made;
  }
  async function open(statement) {
    const { id } = statement;
    if (!known.has(id)) known.set(id, await page(statement));
    shown = id;
    said.textContent = "";
    opened.replaceChildren(known.get(id));
    opened.querySelector("h3").focus();
  }
  async function page(statement) {
    const made = document.createElement("article");
    const title = heading("h3", `Appeal against: ${statement.measure}`);
    title.id = `title-${statement.id}`;
    made.className = "case";
    made.setAttribute("aria-labelledby", title.id);
    const its = statement.case_id ? [button("Its case", () => desk.does(() => desk.openCase(statement.case_id)), "Open its case")] : [];
    made.append(
      title, list(await told(statement)), ...its, decideForm(statement),
      button("Close", () => close(`appeal-${statement.id}`), "Close this appeal", "plain"),
    );
    return made;
  }
  async function told({ user_id: whose, by, measure, until, about, reason, rule, createdAt, in_force: holds, appeal }) {
    return [
      ["Who", await desk.nameOf(whose)],
      ["What was done", `${measure}${until ? ` until ${when(until)}` : ""}${holds ? "" : ", which is over"}`],
      ["By", `${by ? await desk.nameOf(by) : "the server"}, ${when(createdAt)}`],
      ["Why", reason],
      ...(rule ? [["Rule", rule]] : []),
      ...(about ? [["About", about]] : []),
      ["They say", appeal.words],
    ];
  }
  function decideForm({ id }) {
    const verdicts = group(
      "verdict", "What holds",
      tick("radio", "verdict", "uphold", "It stays as it is"),
      tick("radio", "verdict", "reverse", "It was wrong: it is undone at once"),
    );
    for (const radio of verdicts.querySelectorAll("input")) radio.required = true;
    const reason = field("reason", "Why; told to who appealed", lines({ required: true, maxLength: 500 }));
    return form([verdicts, reason], "Decide the appeal", async (typed) => {
      await desk.rest("POST", `/staff/appeals/${id}/`, Object.fromEntries(typed));
      await desk.looks(look);
      said.textContent = "The appeal is decided.";
      if (shown === id) close();
    });
  }
  function close(back) {
    shown = null;
    opened.replaceChildren();
    const first = rest.querySelector("button") ?? body.parentElement.querySelector("h2");
    (document.getElementById(back ?? "") ?? first).focus();
  }
  body.parentElement.querySelector("h2").tabIndex = -1;
  desk.looks(look);
  // Nobody is told of them by an event.
  setInterval(() => desk.line.isUp && desk.looks(look), LOOK_MS);
}
