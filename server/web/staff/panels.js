// What stands on the page of staff: each panel fills its part, and keeps it true by itself.
import { appeals } from "./appeals.js";
import { button, list, table, when } from "./parts.js";
import { reports } from "./reports.js";

const LOOK_MS = 10_000;
// A process that has said nothing for so long is gone.
const SILENT_MS = 7_000;

function processes(body, desk) {
  const known = new Map();
  const show = () => {
    const now = Date.now();
    for (const [name, { at }] of known) if (now - at > SILENT_MS) known.delete(name);
    const rows = [...known.values()].map(({ process }) => [
      process.process, process.sockets, process.asked, process.told, process.failed,
      `${process.answer_ms} ms`, `≤ ${process.lag_ms} ms`,
    ]);
    const sockets = [...known.values()].reduce((sum, { process }) => sum + process.sockets, 0);
    body.replaceChildren(
      table(["Process", "Sockets", "Asked/s", "Told/s", "Failed/s", "Answer", "Loop lag"], rows, "Each says how it does every two seconds."),
      list([["Sockets of all", sockets]]),
    );
  };
  desk.line.addEventListener("staff:figures", ({ detail: { process } }) => {
    known.set(process.process, { process, at: Date.now() });
    show();
  });
  setInterval(show, SILENT_MS);
  show();
}

function backlog(body, desk) {
  const look = async () => {
    const { backlog: found } = await desk.rest("GET", "/staff/figures/");
    body.replaceChildren(list([
      ["Jobs that wait", found.jobs.waiting],
      ...Object.entries(found.job_lag_seconds).map(([queue, late]) => [`The first of ${queue} is late by`, `${Math.round(late)} s`]),
      ["Jobs that failed", found.jobs.failed],
      ["The oldest event not published is", `${Math.round(found.outbox_lag_seconds)} s old`],
    ]));
  };
  desk.looks(look);
  setInterval(() => desk.line.isUp && desk.looks(look), LOOK_MS);
}

function maintenance(body, desk) {
  const words = document.createElement("input");
  words.id = "words";
  words.maxLength = 300;
  const label = document.createElement("label");
  label.htmlFor = words.id;
  label.textContent = "What people are told: what for, and until when";
  const state = document.createElement("p");
  state.setAttribute("role", "status");
  const toggle = button("", () => desk.does(async () => {
    show(await desk.rest("PUT", "/staff/maintenance/", { on: toggle.dataset.on !== "true", words: words.value }));
  }));
  function show({ on, words: said }) {
    state.textContent = on ? `Changes are refused to all but staff. ${said}` : "Everybody may change what is theirs.";
    toggle.dataset.on = on;
    toggle.textContent = on ? "Go on as ever" : "Stand still";
    toggle.classList.toggle("stop", !on);
    words.value = on ? said : words.value;
  }
  body.append(state, label, words, document.createElement("p"), toggle);
  desk.line.addEventListener("server:maintenance", ({ detail }) => show(detail));
  desk.does(async () => show(await desk.rest("GET", "/staff/maintenance/")));
}

function jobs(body, desk) {
  const states = document.createElement("select");
  states.id = "states";
  for (const state of ["failed", "waiting", "done"]) states.append(new Option(state, state));
  const label = document.createElement("label");
  label.htmlFor = states.id;
  label.textContent = "Show jobs that are";
  const rest = document.createElement("div");
  body.append(label, states, rest);
  let items = [];
  let next = null;

  const does = (job, method, path) => desk.does(async () => {
    await desk.rest(method, `/staff/jobs/${job.id}/${path}`, method === "POST" ? {} : undefined);
    items = items.filter((one) => one.id !== job.id);
    show();
    states.focus();
  });
  function show() {
    const rows = items.map((job) => [
      job.kind, job.attempts, job.last_error ?? "", when(job.createdAt), when(job.ended_at ?? job.due_at),
      job.state === "failed" ? [
        button("Try again", () => does(job, "POST", "retry/"), `Try ${job.kind} again`),
        button("Drop", () => does(job, "DELETE", ""), `Drop ${job.kind}`, "stop"),
      ] : [],
    ]);
    const more = next ? [button("More", () => desk.does(() => look(next)))] : [];
    rest.replaceChildren(table(["Kind", "Tries", "Error", "Asked for", "Ended or due", ""], rows, "There are none."), ...more);
  }
  async function look(cursor) {
    const page = await desk.rest("GET", `/staff/jobs/?state=${states.value}${cursor ? `&cursor=${cursor}` : ""}`);
    items = cursor ? [...items, ...page.items] : page.items;
    next = page.next_cursor;
    show();
  }
  states.addEventListener("change", () => desk.does(() => look()));
  look().catch((refusal) => rest.append(refusal.code === "forbidden" ? "For admins." : refusal.message));
}

export const PANELS = [
  { title: "Processes", open: processes, wide: true },
  { title: "What waits", open: backlog },
  { title: "Maintenance", open: maintenance },
  { title: "Reports", open: reports, wide: true },
  { title: "Appeals", open: appeals, wide: true },
  { title: "Jobs", open: jobs, wide: true },
];
