// The page of a call: /call/#<session_id>. It puts the parts together and says everything that happens.
import { Chat } from "./chat.js";
import { Clock } from "./clock.js";
import { Line } from "./line.js";
import { Stage } from "./media.js";
import { asked, at, press, refuse, tell } from "./page.js";
import { People, Signs } from "./people.js";
import { Meter, word, worst } from "./quality.js";
import { Recording } from "./recording.js";
import { patiently } from "./refusal.js";
import { Room } from "./room.js";
import { Session } from "./session.js";
import { Tiles } from "./tiles.js";

const MEASURE_MS = 3000;
const OFFER_MS = 5000;
const SELDOM_MS = 60_000;
const SECTIONS = ["sign-in", "lobby", "room", "over"];

const stage = new Stage();
const tiles = new Tiles(at("tiles"), at("tile"));
const meter = new Meter();
const clock = new Clock();
const names = new Map();
const people = new People(nameOf);
const signs = new Signs(tiles, nameOf);
const chat = new Chat(nameOf);
const recording = new Recording(nameOf);
let me = null;
let line = null;
let room = null;
let offering = null;

function show(id) {
  for (const name of SECTIONS) at(name).hidden = name !== id;
}

// Asked for once, however many want to know it meanwhile.
function nameOf(userId) {
  if (!names.has(userId)) {
    const forget = () => names.delete(userId) && {};
    const asked = line.ask("user:get", { user_id: userId }).catch(forget);
    names.set(userId, asked.then(({ name }) => name ?? "Somebody"));
  }
  return names.get(userId);
}

async function enter(session) {
  line = new Line(session);
  line.addEventListener("cut", ({ detail }) => (at("line").textContent = detail.message));
  line.addEventListener("hello", () => (at("line").textContent = ""));
  line.addEventListener("over", ({ detail }) => signedOut(detail));
  me = (await line.open()).user_id;
  chat.hear(line, me);
  recording.hear(line, session, me);
  offer();
  show("lobby");
  tell("");
  // With what the person has: each may be missing, or be refused.
  for (const kind of ["audio", "video"]) await stage.set(kind, true).catch((error) => refuse(error.message));
  await listDevices();
  at("join").focus();
}

// Only what there is: the server's own peer, who is tried with and records, may come later, or go. Whoever has just come
// waits for it; afterwards it is asked for ever less often.
async function offer(wait = OFFER_MS) {
  clearTimeout(offering);
  offering = setTimeout(() => offer(Math.min(2 * wait, SELDOM_MS)), wait);
  const { calls } = await fetch("/api/v1/config/").then((answer) => answer.json()).catch(() => ({}));
  if (!calls) return;
  at("try").hidden = !calls.helper;
  recording.offered(calls.helper);
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
  press("screen", stage.screen !== null);
  if (room) {
    tiles.own(stage);
    // While the line is cut nothing is lost: what is shown is said again with the seat.
    room.ask("media", stage.shown()).catch((refusal) => refusal.code === "offline" || refuse(refusal.message));
  }
}

async function join(sessionId) {
  // One that waits in the lobby, perhaps.
  room?.close();
  const here = (room = new Room(line, sessionId, stage));
  hearRoom(here);
  try {
    await here.join();
  } catch (refusal) {
    here.close();
    if (room === here) room = null;
    throw refusal;
  }
}

// On its tile and in the list, as it is now; the recorder has neither.
async function draw(here, one) {
  if (here.isRecorder(one)) {
    recording.lost(one.away ?? false);
    return "The recorder";
  }
  const name = here.isTrial ? "You, as others get you" : await nameOf(one.view.user_id);
  if (here.peers.includes(one)) tiles.show(one, name, here);
  people.draw();
  return name;
}

function hearRoom(here) {
  const hear = (name, ear) => here.addEventListener(name, ({ detail }) => ear(detail));
  hear("inside", inside);
  hear("waiting", () => {
    waits(true);
    tell("You are in the lobby. The host sees that you wait.");
  });
  hear("met", async (one) => tell(here.isTrial ? "You hear yourself now; headphones help." : `${await draw(here, one)} is here.`));
  hear("changed", (one) => draw(here, one));
  hear("gone", async (one) => {
    tiles.gone(one);
    meter.forget(one.peer.connection);
    const who = here.isRecorder(one) ? "The recorder" : await nameOf(one.view.user_id);
    if (room !== here) return;
    people.draw();
    tell(`${who} has left.`);
  });
  hear("knocked", (who) => people.knocked(who));
  hear("lead", (who) => people.lead(who));
  hear("call", ({ call }) => {
    clock.set({ startedAt: call.timestamps.started, closesAt: call.closes_at });
    recording.take(call);
  });
  hear("mute_requested", () => {
    stage.set("audio", false);
    tell("The host asked you to be silent; your microphone is off now, and yours to turn on.");
  });
  hear("held", ({ message }) => (at("line").textContent = message));
  hear("trouble", (error) => refuse(error.message));
  hear("over", ({ why }) => over(why));
}

function inside({ waiting, locked }) {
  const first = at("room").hidden;
  if (first) {
    people.enter(room, me);
    signs.enter(room);
    chat.enter(room.call.thread_id).catch((refusal) => refuse(refusal.message));
  }
  show("room");
  // With nobody but the server's own peer there is nobody to wave to.
  for (const id of ["hand", "react", "people"]) at(id).hidden = room.isTrial;
  people.lead({ locked });
  tiles.own(stage);
  at("knocks").replaceChildren();
  for (const view of waiting) people.knocked(view);
  if (!first) return tell("You are back.");
  if (!room.peers.length) tell(room.isTrial ? "One moment …" : "You are the first. Whoever comes is shown here.");
  // Not the one that ends it: whoever joins by Enter may press it twice.
  at("bar").querySelector("button").focus();
}

function leave() {
  clearTimeout(offering);
  for (const part of [people, signs, chat]) part.leave();
  room = null;
  stage.close();
  tiles.clear();
  clock.set({ startedAt: null });
  showOwn();
  waits(false);
  at("recording").hidden = true;
}

// Camera and microphone wait for no answer. The server is told until it knows, as long as the line and with it the seat
// last, and unless one sits there again by then.
function goOut(why) {
  const here = room;
  here.close();
  over(why);
  patiently(() => here.ask("leave"), () => line.isUp && room?.sessionId !== here.sessionId).catch(() => {});
}

function waits(is) {
  at("ways").hidden = is;
  at("stop").hidden = !is;
  if (is) at("stop").focus();
}

function over(why) {
  leave();
  show("over");
  tell("");
  at("why").textContent = why;
  at("why").focus();
}

async function measure() {
  if (!room?.people.length) return;
  const here = room;
  const all = await Promise.all(
    here.people.map(async (one) => {
      const found = await meter.look(one.peer.connection);
      if (here.peers.includes(one)) {
        one.quality = one.peer.isSettled ? word(found) : null;
        await draw(here, one);
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
asked(at("lobby"), "submit", () => join(location.hash.slice(1)));
asked(at("try"), "click", async () => {
  const trial = await line.ask("call:try", { client_id: crypto.randomUUID() });
  await join(trial.session_id);
});
for (const button of document.querySelectorAll("[data-switch]")) {
  asked(button, "click", () => stage.set(button.dataset.switch, !stage.isOn(button.dataset.switch)));
}
for (const list of document.querySelectorAll("[data-devices]")) {
  asked(list, "change", () => stage.choose(list.dataset.devices, list.value));
}
asked(at("screen"), "click", () => (stage.screen ? stage.unshare() : stage.share()));
asked(at("stop"), "click", () => goOut("You have stopped waiting."));
asked(at("leave"), "click", () => goOut(room.isTrial ? "That was the trial." : "You have left the call."));
asked(at("again"), "click", async () => {
  show("lobby");
  offer();
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
