// Compiled, never run: a client in TypeScript gets the shapes of all events, and its mistakes are found by the compiler.
import { io, type Socket } from "socket.io-client";
import type { ClientToServer, Credentials, ServerToClient } from "../../server/web/skillnet";

const auth: Credentials = { token: "…", since: { epoch: "e", seq: 7 } };
const socket: Socket<ServerToClient, ClientToServer> = io({ auth });

socket.on("message:created", (event) => {
  const text: string = event.data.message.message_content;
  const place: number = event.seq;
  console.log(text, place);
});

socket.emit("message:send", { thread_id: "t", message_content: "Hello" }, (answer) => {
  if (answer.ok) {
    console.log(answer.data.seq, answer.duplicate === true);
  } else if (answer.error.code === "rate_limited") {
    console.log(answer.error.retry_after_ms);
  }
  // @ts-expect-error: it is not known yet whether there is data
  console.log(answer.data.seq);
});

socket.emit("leaderboard:get", { lat: 52.5, lon: 13.4 }, (answer) => {
  if (answer.ok && answer.data.area) {
    const west: number = answer.data.area[0];
    console.log(west);
  }
});

// @ts-expect-error: no such event is taken
socket.emit("message:shout", {}, () => {});

// @ts-expect-error: a message needs a text
socket.emit("message:send", { thread_id: "t" }, () => {});

// @ts-expect-error: no such event is pushed
socket.on("message:shouted", () => {});

// @ts-expect-error: no error has this code
socket.emit("thread:list", {}, (answer) => answer.ok || answer.error.code === "no_such_code");
