// The least that does the work: node:http, HMAC, JSON.parse, AES-256-GCM, and an insert shared by whoever waits for it.
import {
  createCipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import pg from "pg";

const { PORT, DATABASE_URL, SHOPIFY_API_SECRET = "" } = process.env;
const secret = createSecretKey(SHOPIFY_API_SECRET, "utf8");
const key = createSecretKey(randomBytes(32));
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 2 });

type Row = { id: string; topic: string; shop: string; webhookId: string; body: Buffer; res: ServerResponse };
let waiting: Row[] = [];
let commits = 0;

function flush(): void {
  if (commits === 2 || waiting.length === 0) return;
  const rows = waiting;
  waiting = [];
  commits += 1;
  const values = rows.flatMap((row) => [row.id, row.topic, row.shop, row.webhookId, row.body]);
  const places = rows.map(
    (_, row) => `($${row * 5 + 1},'shopify',$${row * 5 + 2},$${row * 5 + 3},$${row * 5 + 4},$${row * 5 + 5})`,
  );
  pool
    .query(
      `INSERT INTO inbox (id, source, topic, shop_domain, webhook_id, body_sealed) VALUES ${places.join(",")}
       ON CONFLICT DO NOTHING`,
      values,
    )
    .then(
      () => rows.forEach(({ res }) => res.writeHead(200, { "content-length": 0 }).end()),
      () => rows.forEach(({ res }) => res.writeHead(500, { "content-length": 0 }).end()),
    )
    .finally(() => {
      commits -= 1;
      flush();
    });
}

function seal(id: string, raw: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(id));
  const body = [cipher.update(raw), cipher.final()];
  return Buffer.concat([iv, cipher.getAuthTag(), ...body]);
}

const server = createServer((req, res) => {
  if (req.method === "GET") return void res.end("ready");
  const chunks: Buffer[] = [];
  req.on("data", (chunk: Buffer) => chunks.push(chunk));
  req.on("end", () => {
    const raw = Buffer.concat(chunks);
    const given = Buffer.from(String(req.headers["x-shopify-hmac-sha256"]), "base64");
    const expected = createHmac("sha256", secret).update(raw).digest();
    if (given.length !== 32 || !timingSafeEqual(given, expected)) return void res.writeHead(401).end();
    JSON.parse(raw.toString("utf8"));
    const id = randomUUID();
    waiting.push({
      id,
      topic: String(req.headers["x-shopify-topic"]),
      shop: String(req.headers["x-shopify-shop-domain"]),
      webhookId: String(req.headers["x-shopify-webhook-id"]),
      body: seal(id, raw),
      res,
    });
    flush();
  });
});
server.listen(Number(PORT), "127.0.0.1");
process.once("SIGTERM", () => {
  server.close(() => void pool.end());
  server.closeAllConnections();
});
