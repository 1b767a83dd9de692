// What one sees: a tile for each stream, and what is known of whose it is.
const AWAY = "reconnecting …";
const STATES = { new: "connecting …", connecting: "connecting …", disconnected: AWAY, failed: AWAY };

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

  show({ view, peer, streams, away, quality }, name) {
    const all = [...streams.values()];
    const screen = all.find((stream) => stream.id === view.screen);
    const main = all.find((stream) => stream !== screen);
    const state = away ? AWAY : (STATES[peer.connection.connectionState] ?? "");
    this.#put(view.peer_id, main ?? null, { name, state, mic: view.mic, camera: view.camera, hand: view.hand, quality });
    if (screen) this.#put(`${view.peer_id}-screen`, screen, { name: `${name}’s screen`, camera: true, mic: true, wide: true });
    else this.#drop(`${view.peer_id}-screen`);
  }

  gone({ view }) {
    this.#drop(view.peer_id);
    this.#drop(`${view.peer_id}-screen`);
  }

  clear() {
    this.#list.replaceChildren();
  }

  #put(id, stream, { name, state = "", muted = false, mirrored = false, wide = false, mic, camera, hand = false, quality }) {
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
