// The official Socket.IO server with its defaults, and with its Redis adapter when a URL is given.
// It takes the events of tests/bench/events.py; pings are far apart so that none falls into a measured section.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createVerifier } from "fast-jwt";
import { createClient } from "redis";
import { Server } from "socket.io";

const redisUrl = process.env.BENCH_REDIS_URL;
const options = { pingInterval: 600_000 };
if (redisUrl) {
  const publisher = createClient({ url: redisUrl });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  options.adapter = createAdapter(publisher, subscriber);
}

const http = createServer();
const io = new Server(http, options);
const verify = createVerifier({ key: process.env.BENCH_SECRET, algorithms: ["HS256"], allowedIss: "skillnet", allowedAud: "skillnet" });

io.use((socket, next) => {
  const { token } = socket.handshake.auth;
  if (token === undefined) return next();
  try {
    socket.data.person = verify(token).sub;
    next();
  } catch (error) {
    next(error);
  }
});

io.on("connection", (socket) => {
  socket.on("join", async (room, ack) => {
    await socket.join(room);
    ack("^");
  });
  socket.on("say", (payload) => io.to("bench").emit("said", payload));
  socket.on("repeat", ({ times, message }) => {
    for (let i = 0; i < times; i++) io.to("bench").emit("said", message);
  });
  socket.on("ask", (payload, ack) => ack(payload));
  socket.on("count", (_, ack) => ack("^", io.of("/").sockets.size));
});

http.listen(0, "127.0.0.1", 4096, () => console.log(JSON.stringify({ port: http.address().port, pid: process.pid })));
process.stdin.on("end", () => process.exit(0)).resume();
