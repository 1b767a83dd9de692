// The page of a call: /call/#<session_id>. It puts the parts together and says everything that happens.
import { Line } from "./line.js";
import { Stage } from "./media.js";
import { Meter, word, worst } from "./quality.js";
import { Room } from "./room.js";
import { Session } from "./session.js";
import { Tiles } from "./tiles.js";

const MEASURE_MS = 3000;
const SECTIONS = ["sign-in", "lobby", "room", "over"];
const at = (id) => document.getElementById(id);

const stage = new Stage();
const tiles = new Tiles(at("tiles"), at("tile"));
const meter = new Meter();
const names = new Map();
let me = null;
let line = null;
let room = null;

function show(id) {
  for (const name of SECTIONS) at(name).hidden = name !== id;
}

function refuse(text) {
  at("refusal").textContent = text;
}

function tell(text) {
  at("news").textContent = text;
}

// Does something that a person asked for; whatever is refused is said, and nothing is asked twice meanwhile.
function asked(element, kind, work) {
  element.addEventListener(kind, async (event) => {
    event.preventDefault();
    const button = event.submitter ?? element;
    button.disabled = true;
    refuse("");
    try {
      await work(event);
    } catch (refusal) {
      refuse(refusal.message);
    } finally {
      button.disabled = false;
    }
  });
}

async function nameOf(userId) {
  if (!names.has(userId)) {
    names.set(userId, "Somebody");
    const person = await line.ask("user:get", { user_id: userId }).catch(() => names.delete(userId));
    if (person?.name) names.set(userId, person.name);
  }
  return names.get(userId) ?? "Somebody";
}

async function enter(session) {
  line = new Line(session);
  line.addEventListener("cut", ({ detail }) => (at("line").textContent = detail.message));
  line.addEventListener("hello", () => (at("line").textContent = ""));
  line.addEventListener("over", ({ detail }) => signedOut(detail));
  me = (await line.open()).user_id;
  show("lobby");
  tell("");
  // With what the person has: each may be missing, or be refused.
  for (const kind of ["audio", "video"]) await stage.set(kind, true).catch((error) => refuse(error.message));
  await listDevices();
  at("lobby").querySelector("button.main").focus();
}

function signedOut(refusal) {
  room?.close();
  leave();
  show("sign-in");
  refuse(refusal.message);
}

async function listDevices() {
  const found = await stage.devices();
  for (const list of document.querySelectorAll("[data-devices]")) {
    const kind = list.dataset.devices;
    const options = found[kind].map((one, index) => new Option(one.label || `${index + 1}`, one.deviceId));
    const chosen = list.value;
    list.replaceChildren(...(options.length ? options : [new Option("none found", "")]));
    if (found[kind].some((one) => one.deviceId === chosen)) list.value = chosen;
  }
}

function showOwn() {
  at("preview").srcObject = stage.stream;
  for (const button of document.querySelectorAll("[data-switch]")) {
    button.setAttribute("aria-pressed", stage.isOn(button.dataset.switch));
  }
  at("screen").setAttribute("aria-pressed", stage.screen !== null);
  if (room) {
    tiles.own(stage);
    // While the line is cut nothing is lost: what is shown is said again with the seat.
    room.ask("media", stage.shown()).catch((refusal) => refusal.code === "offline" || refuse(refusal.message));
  }
}

async function join() {
  // One that waits in the lobby, perhaps.
  room?.close();
  room = new Room(line, location.hash.slice(1), stage);
  hearRoom(room);
  try {
    await room.join();
  } catch (refusal) {
    room.close();
    room = null;
    throw refusal;
  }
}

function hearRoom(here) {
  const hear = (name, ear) => here.addEventListener(name, ({ detail }) => ear(detail));
  const draw = async (one) => {
    const name = await nameOf(one.view.user_id);
    if (here.peers.includes(one)) tiles.show(one, name);
    return name;
  };
  hear("inside", inside);
  hear("waiting", () => tell("You are in the lobby. The host sees that you wait."));
  hear("met", async (one) => tell(`${await draw(one)} is here.`));
  hear("changed", draw);
  hear("gone", async (one) => {
    tiles.gone(one);
    meter.forget(one.peer.connection);
    tell(`${await nameOf(one.view.user_id)} has left.`);
  });
  hear("knocked", knocked);
  hear("lead", showLead);
  hear("mute_requested", () => {
    stage.set("audio", false);
    tell("The host asked you to be silent; your microphone is off now, and yours to turn on.");
  });
  hear("trouble", (error) => refuse(error.message));
  hear("over", ({ why }) => over(why));
}

function inside({ waiting }) {
  const first = at("room").hidden;
  show("room");
  showLead(room);
  tiles.own(stage);
  at("knocks").replaceChildren();
  for (const view of waiting) knocked(view);
  if (!first) return tell("You are back.");
  if (!room.peers.length) tell("You are the first. Whoever comes is shown here.");
  at("leave").focus();
}

function showLead({ host }) {
  at("end").hidden = host !== me;
}

async function knocked({ peer_id, user_id, state }) {
  at("knocks").querySelector(`[data-peer="${peer_id}"]`)?.remove();
  if (state !== "waiting") return;
  const name = await nameOf(user_id);
  const item = document.createElement("li");
  item.dataset.peer = peer_id;
  item.append(`${name} wants to come in. `);
  for (const [verb, label] of [["admit", `Let ${name} in`], ["deny", "Not now"]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    asked(button, "click", () => room.ask(verb, { peer_id }).then(() => item.remove()));
    item.append(button);
  }
  at("knocks").append(item);
  tell(`${name} wants to come in.`);
}

function leave() {
  room = null;
  stage.close();
  tiles.clear();
  showOwn();
  at("hand").setAttribute("aria-pressed", false);
}

function over(why) {
  leave();
  show("over");
  tell("");
  at("why").textContent = why;
  at("why").focus();
}

async function measure() {
  if (!room?.peers.length) return;
  const here = room;
  const all = await Promise.all(
    here.peers.map(async (one) => {
      const found = await meter.look(one.peer.connection);
      if (here.peers.includes(one)) {
        one.quality = one.peer.isSettled ? word(found) : null;
        tiles.show(one, await nameOf(one.view.user_id));
      }
      return found;
    }),
  );
  // Of the moment: the next one comes soon.
  here.ask("report", worst(all)).catch(() => {});
}

asked(at("sign-in"), "submit", async () => {
  const { email, password, code } = Object.fromEntries(new FormData(at("sign-in")));
  let session;
  try {
    session = await Session.signIn({ email, password, ...(code ? { code } : {}) });
  } catch (refusal) {
    if (refusal.code === "second_factor_required") at("second").hidden = false;
    throw refusal;
  }
  at("sign-in").reset();
  await enter(session);
});
asked(at("lobby"), "submit", join);
for (const button of document.querySelectorAll("[data-switch]")) {
  asked(button, "click", () => stage.set(button.dataset.switch, !stage.isOn(button.dataset.switch)));
}
for (const list of document.querySelectorAll("[data-devices]")) {
  asked(list, "change", () => stage.choose(list.dataset.devices, list.value));
}
asked(at("screen"), "click", () => (stage.screen ? stage.unshare() : stage.share()));
asked(at("hand"), "click", async () => {
  const raised = at("hand").getAttribute("aria-pressed") !== "true";
  await room.ask("hand", { raised });
  at("hand").setAttribute("aria-pressed", raised);
});
asked(at("leave"), "click", async () => {
  const here = room;
  await here.ask("leave").catch((refusal) => refusal.code === "offline" || Promise.reject(refusal));
  if (room !== here) return;
  here.close();
  over("You have left the call.");
});
asked(at("end"), "click", () => room.ask("end"));
asked(at("again"), "click", async () => {
  show("lobby");
  for (const kind of ["audio", "video"]) await stage.set(kind, true);
});
stage.addEventListener("changed", showOwn);
navigator.mediaDevices?.addEventListener("devicechange", listDevices);
// The network is another one now: ways that were found over the old one may be dead already.
addEventListener("online", () => room?.restart());
setInterval(measure, MEASURE_MS);

async function start() {
  if (!location.hash) return refuse("This link is not whole: it ends in # and the id of a call.");
  if (!navigator.mediaDevices) return refuse("A browser gives a camera only to pages by https, or of this machine.");
  const session = Session.handedOver();
  if (!session) return show("sign-in");
  await enter(session);
}

start().catch((refusal) => refuse(refusal.message));
