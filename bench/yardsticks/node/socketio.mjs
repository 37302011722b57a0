// What a Node team would write: Socket.IO with acknowledgements, a room a conversation, PostgreSQL through `pg`, and the
// Redis adapter when there is more than one process. Environment: BENCH_DATABASE, BENCH_REDIS (optional), PORT.

import { DatabaseSync } from "node:sqlite";
import { createAdapter } from "@socket.io/redis-adapter";
import { Redis } from "ioredis";
import pg from "pg";
import { Server } from "socket.io";

const { BENCH_DATABASE: database, BENCH_REDIS: redis, PORT: port } = process.env;

const store = database.endsWith(".sqlite3") ? openSqlite(database) : await openPostgres(database);

async function openPostgres(where) {
  const cut = where.lastIndexOf("/");
  const pool = new pg.Pool({ host: where.slice(0, cut), database: where.slice(cut + 1), user: "chatserver", max: 20 });
  await pool.query(`CREATE TABLE IF NOT EXISTS message (id bigserial PRIMARY KEY, conversation int NOT NULL,
    side text NOT NULL, client_id text NOT NULL, body text NOT NULL, at timestamptz NOT NULL DEFAULT now())`);
  const text = "INSERT INTO message (conversation, side, client_id, body) VALUES ($1, $2, $3, $4) RETURNING id";
  return async (...values) => (await pool.query({ name: "add", text, values })).rows[0].id;
}

function openSqlite(path) {
  const file = new DatabaseSync(path);
  file.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
  file.exec(`CREATE TABLE message (id integer PRIMARY KEY, conversation int NOT NULL, side text NOT NULL,
    client_id text NOT NULL, body text NOT NULL, at text NOT NULL DEFAULT CURRENT_TIMESTAMP)`);
  const add = file.prepare("INSERT INTO message (conversation, side, client_id, body) VALUES (?, ?, ?, ?)");
  return async (...values) => add.run(...values).lastInsertRowid.toString();
}

const io = new Server({ serveClient: false, transports: ["websocket"], perMessageDeflate: false });
if (redis) {
  const out = new Redis(redis);
  io.adapter(createAdapter(out, out.duplicate()));
}

io.on("connection", (socket) => {
  const { conversation, side } = socket.handshake.query;
  socket.join(conversation);
  socket.on("hello", (answer) => answer());
  socket.on("message", async ({ id, body }, answer) => {
    const seq = await store(Number(conversation), side, id, body);
    answer({ id, seq });
    socket.to(conversation).emit("message", { id, body, seq });
  });
});

io.listen(Number(port), { host: "127.0.0.1" });
