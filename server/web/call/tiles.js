// What one sees: a tile for each stream, and what is known of whose it is.
const AWAY = "reconnecting …";
const STATES = { new: "connecting …", connecting: "connecting …", disconnected: AWAY, failed: AWAY };

const REACTION_MS = 4000;

const shownBy = ({ mic, camera, hand }) => ({ mic, camera, hand });

// What the server's own peer says of us.
function measured(report) {
  if (!report) return "measuring …";
  const { round_trip_ms, lost_share, kilobits_per_second } = report;
  const trip = round_trip_ms == null ? "" : `, ${round_trip_ms} ms there and back`;
  return `${((lost_share ?? 0) * 100).toFixed(1)} % lost${trip}, ${kilobits_per_second} kbit/s`;
}

export class Tiles {
  #list;
  #template;

  constructor(list, template) {
    this.#list = list;
    this.#template = template;
  }

  // One's own: without sound, else one would hear oneself.
  own(stage) {
    this.#put("own", stage.stream, { name: "You", muted: true, mirrored: true, mic: stage.isOn("audio"), camera: stage.isOn("video") });
    if (stage.screen) this.#put("own-screen", stage.screen, { name: "Your screen", muted: true, camera: true, mic: true, wide: true });
    else this.#drop("own-screen");
  }

  show({ view, peer, streams, away, quality, report }, name, { isTrial }) {
    const all = [...streams.values()];
    const screen = all.find((stream) => stream.id === view.screen);
    const main = all.find((stream) => stream !== screen);
    const state = away ? AWAY : (STATES[peer.connection.connectionState] ?? "");
    this.#put(view.peer_id, main ?? null, { name, state, quality, ...(isTrial ? { mic: true, camera: true, measured: measured(report) } : shownBy(view)) });
    if (screen) this.#put(`${view.peer_id}-screen`, screen, { name: `${name}’s screen`, camera: true, mic: true, wide: true });
    else this.#drop(`${view.peer_id}-screen`);
  }

  gone({ view }) {
    this.#drop(view.peer_id);
    this.#drop(`${view.peer_id}-screen`);
  }

  // For a moment, on the tile of who reacts.
  react(id, emoji) {
    const tile = this.#find(id);
    if (!tile) return;
    const face = document.createElement("span");
    face.className = "reaction";
    face.setAttribute("aria-hidden", "true");
    face.textContent = emoji;
    tile.append(face);
    setTimeout(() => face.remove(), REACTION_MS);
  }

  clear() {
    this.#list.replaceChildren();
  }

  #put(id, stream, { name, state = "", muted = false, mirrored = false, wide = false, mic, camera, hand = false, quality, measured = "" }) {
    const tile = this.#find(id) ?? this.#make(id);
    const part = (which) => tile.querySelector(`[data-part="${which}"]`);
    const video = tile.querySelector("video");
    if (video.srcObject !== stream) video.srcObject = stream;
    video.muted = muted;
    tile.classList.toggle("mirrored", mirrored);
    tile.classList.toggle("wide", wide);
    tile.classList.toggle("blind", !camera);
    video.setAttribute("aria-label", name);
    part("name").textContent = name;
    part("initial").textContent = name.slice(0, 1).toUpperCase();
    part("state").textContent = state;
    part("mic").hidden = mic;
    part("hand").hidden = !hand;
    part("measured").textContent = measured;
    part("quality").hidden = !quality || state !== "";
    part("quality").textContent = quality ? `${quality} connection` : "";
    part("quality").dataset.word = quality ?? "";
  }

  #find(id) {
    return this.#list.querySelector(`[data-id="${id}"]`);
  }

  #make(id) {
    const tile = this.#template.content.firstElementChild.cloneNode(true);
    tile.dataset.id = id;
    this.#list.append(tile);
    return tile;
  }

  #drop(id) {
    this.#find(id)?.remove();
  }
}
