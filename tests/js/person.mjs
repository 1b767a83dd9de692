// A person with the official client and its default options, told what to do by JSON lines on standard input:
//   {"do": "connect", "url", "auth", "kept"} | {"do": "ask", "event", "payload"} | {"do": "leave"}
// ("kept" is how many questions it keeps while it is offline, and asks in one go once it is not: {"did": "kept", oks})
// and answering each with one line: {"did", ...}. What the server pushes comes as {"heard": event, "envelope"}.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
let socket;

const acts = {
  connect({ url, auth, kept = 0 }) {
    socket = io(url, { auth });
    const answers = Array.from({ length: kept }, () => socket.timeout(10_000).emitWithAck("thread:list", {}));
    if (kept) Promise.all(answers).then((all) => say({ did: "kept", oks: all.filter((ack) => ack.ok).length }));
    socket.onAny((event, envelope) => say({ heard: event, envelope }));
    socket.on("connect", () => say({ did: "connect", transport: socket.io.engine.transport.name }));
    socket.on("connect_error", (error) => say({ did: "connect", error: error.message, data: error.data }));
    socket.on("disconnect", (reason) => say({ heard: "disconnect", envelope: { reason } }));
  },
  async ask({ event, payload }) {
    say({ did: "ask", ack: await socket.timeout(10_000).emitWithAck(event, payload) });
  },
  transport() {
    say({ did: "transport", name: socket.io.engine.transport.name });
  },
  leave() {
    socket?.disconnect();
    say({ did: "leave" });
    process.exit(0);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const act = JSON.parse(line);
  await acts[act.do](act);
}
socket?.disconnect();
