// What one shows: microphone and camera in one stream, the screen in another, to every connection alike.
const WHY = {
  NotAllowedError: "The browser does not let this page use it: allow it beside the address, then try again.",
  NotFoundError: "There is none.",
  NotReadableError: "Another program is using it.",
};

// As the address of the page says: ?width=320&height=180&frames=15 is for slow lines and small machines.
const asked = new URLSearchParams(location.search);
const SIZE = {};
for (const [name, mine] of [["width", "width"], ["height", "height"], ["frameRate", "frames"]]) {
  if (asked.get(mine) > 0) SIZE[name] = { ideal: Number(asked.get(mine)) };
}

export class Stage extends EventTarget {
  stream = new MediaStream();
  screen = null;
  #senders = new Map();
  #chosen = { audio: "", video: "" };

  shown() {
    return { mic: this.isOn("audio"), camera: this.isOn("video"), screen: this.screen?.id ?? null };
  }

  isOn(kind) {
    return this.#track(kind)?.enabled ?? false;
  }

  async devices() {
    const found = await navigator.mediaDevices.enumerateDevices();
    return { audio: found.filter((one) => one.kind === "audioinput"), video: found.filter((one) => one.kind === "videoinput") };
  }

  async choose(kind, deviceId) {
    this.#chosen[kind] = deviceId;
    if (this.#track(kind)) await this.#open(kind);
  }

  // A microphone is silenced and stays ours, so that it opens at once; a camera is let go, so that its light goes out.
  async set(kind, on) {
    const track = this.#track(kind);
    if (kind === "audio" && track) track.enabled = on;
    else if (on) await this.#open(kind);
    else await this.#put(kind, null);
    this.#changed();
  }

  async share() {
    this.screen = await navigator.mediaDevices.getDisplayMedia({ video: true });
    const [track] = this.screen.getVideoTracks();
    track.addEventListener("ended", () => this.unshare());
    for (const [connection, senders] of this.#alive()) senders.screen = connection.addTrack(track, this.screen);
    this.#changed();
  }

  unshare() {
    for (const track of this.screen?.getTracks() ?? []) track.stop();
    this.screen = null;
    for (const [connection, senders] of this.#alive()) {
      if (senders.screen) connection.removeTrack(senders.screen);
      delete senders.screen;
    }
    this.#changed();
  }

  showTo(connection) {
    const senders = {};
    this.#senders.set(connection, senders);
    for (const track of this.stream.getTracks()) senders[track.kind] = connection.addTrack(track, this.stream);
    if (this.screen) senders.screen = connection.addTrack(this.screen.getVideoTracks()[0], this.screen);
  }

  close() {
    this.unshare();
    for (const track of this.stream.getTracks()) {
      track.stop();
      this.stream.removeTrack(track);
    }
    this.#senders.clear();
  }

  async #open(kind) {
    const chosen = this.#chosen[kind] ? { deviceId: { exact: this.#chosen[kind] } } : {};
    const device = { ...chosen, ...(kind === "video" ? SIZE : {}) };
    let found;
    try {
      found = await navigator.mediaDevices.getUserMedia({ [kind]: device });
    } catch (error) {
      const what = kind === "audio" ? "The microphone" : "The camera";
      throw new Error(`${what} cannot be opened. ${WHY[error.name] ?? error.message}`);
    }
    const [track] = found.getTracks();
    // Another microphone is as silent as the one before.
    track.enabled = this.isOn(kind) || !this.#track(kind);
    // Unplugged, or taken away by the person: it is as if it was put off here.
    track.addEventListener("ended", () => this.#track(kind) === track && this.#put(kind, null).then(() => this.#changed()));
    await this.#put(kind, track);
  }

  async #put(kind, track) {
    const before = this.#track(kind);
    if (before) {
      this.stream.removeTrack(before);
      before.stop();
    }
    if (track) this.stream.addTrack(track);
    for (const [connection, senders] of this.#alive()) {
      if (senders[kind]) await senders[kind].replaceTrack(track);
      else if (track) senders[kind] = connection.addTrack(track, this.stream);
    }
  }

  #track(kind) {
    return this.stream.getTracks().find((track) => track.kind === kind);
  }

  #alive() {
    for (const connection of this.#senders.keys()) {
      if (connection.signalingState === "closed") this.#senders.delete(connection);
    }
    return this.#senders;
  }

  #changed() {
    this.dispatchEvent(new Event("changed"));
  }
}
