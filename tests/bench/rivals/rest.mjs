// Fastify with fast-jwt and its cache: one authenticated read that asks no database.
// It logs nothing and answers with the protecting headers and the request's id, as the others here.
import Fastify from "fastify";
import { createVerifier } from "fast-jwt";

const app = Fastify({ logger: false });
const verify = createVerifier({ key: process.env.BENCH_SECRET, algorithms: ["HS256"], allowedIss: "skillnet", allowedAud: "skillnet", cache: true });
const profile = JSON.parse(process.env.BENCH_PROFILE);

const secure = {
  Server: "Fastify",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
};

app.addHook("onRequest", async (request, reply) => {
  reply.headers(secure).header("X-Request-Id", request.id);
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  try {
    if (scheme !== "Bearer") throw new Error("no token");
    request.person = verify(token).sub;
  } catch {
    return reply.code(401).send({ code: "unauthenticated" });
  }
});
app.get("/api/v1/bench/profile", async (request) => ({ ...profile, id: request.person }));

await app.listen({ port: 0, host: "127.0.0.1" });
console.log(JSON.stringify({ port: app.server.address().port, pid: process.pid }));
process.stdin.on("end", () => process.exit(0)).resume();
