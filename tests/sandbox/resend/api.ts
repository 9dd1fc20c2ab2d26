// The part of Resend's HTTP API that its SDK calls for us.
import { createHash, randomUUID } from "node:crypto";
import express, { type Request, type Response, type Router } from "express";
import { playFault, takeFault } from "#tests/sandbox/faults.ts";
import { publicDomain, type Domains } from "#tests/sandbox/resend/domains.ts";
import type { MailEvents } from "#tests/sandbox/resend/events.ts";
import {
  addressOf,
  isError,
  readMail,
  resendError,
  type ResendError,
} from "#tests/sandbox/resend/validate.ts";
import type { Mail, MailContent, MailRequest } from "#tests/sandbox/resend/types.ts";
import type { Store } from "#tests/sandbox/state.ts";

const KEY_MEMORY = 24 * 3_600_000;

export interface ResendOptions {
  store: Store;
  domains: Domains;
  events: MailEvents;
  apiKey: string;
  sharedDomain: string;
  now: () => Date;
  /** Requests per second of the team, and milliseconds until a send is answered; changeable while running. */
  limit: { perSecond: number; answerDelay: number };
}

export function resendApi(options: ResendOptions): Router {
  const { store, domains, events, now, limit } = options;
  const { state } = store;
  const inFlight = new Set<string>();
  let window = { start: 0, used: 0 };
  const router = express.Router();
  router.use(express.raw({ type: () => true, limit: "40mb" }));

  router.use((req, res, next) => {
    const given = /^Bearer\s+(.+)$/.exec(req.get("authorization") ?? "")?.[1];
    if (!given)
      return fail(res, resendError(401, "missing_api_key", "Missing API key in the authorization header."));
    if (given !== options.apiKey)
      return fail(res, resendError(403, "invalid_api_key", "API key is invalid."));
    if (!req.get("user-agent"))
      return fail(res, resendError(403, "validation_error", "Missing User-Agent header."));
    const fault = takeFault(store, "resend", req.path);
    if (!allowed(res, fault?.kind === "rate_limit")) {
      return fail(
        res,
        resendError(
          429,
          "rate_limit_exceeded",
          `Too many requests. You can only make ${limit.perSecond} requests per second.`,
        ),
      );
    }
    if (fault?.kind === "daily_quota")
      return fail(
        res,
        resendError(429, "daily_quota_exceeded", "You have reached your daily email sending quota."),
      );
    if (fault?.kind === "monthly_quota")
      return fail(
        res,
        resendError(429, "monthly_quota_exceeded", "You have reached your monthly email sending quota."),
      );
    if (playFault(fault, req, res)) return;
    next();
  });

  function allowed(res: Response, forced: boolean): boolean {
    const time = Date.now();
    if (time - window.start >= 1000) window = { start: time, used: 0 };
    const reset = Math.max(1, Math.ceil((window.start + 1000 - time) / 1000));
    const over = forced || window.used >= limit.perSecond;
    if (!over) window.used += 1;
    res.set("ratelimit-limit", String(limit.perSecond));
    res.set("ratelimit-remaining", String(over ? 0 : limit.perSecond - window.used));
    res.set("ratelimit-reset", String(reset));
    if (over) res.set("retry-after", String(reset));
    return !over;
  }

  router.post("/emails", (req, res) =>
    once(req, res, (body, request) => {
      const made = accept(readMail(body, false), request, 0);
      return isError(made) ? made : { status: 200, body: { id: made.id } };
    }),
  );

  router.post("/emails/batch", (req, res) =>
    once(req, res, (body, request) => {
      if (!Array.isArray(body))
        return resendError(422, "validation_error", "The request body must be an array of emails.");
      if (body.length === 0 || body.length > 100) {
        return resendError(422, "validation_error", "The batch must hold between 1 and 100 emails.");
      }
      const permissive = req.get("x-batch-validation") === "permissive";
      const read = body.map((each) => checkFrom(readMail(each, true)));
      const wrong = read.flatMap((each, index) =>
        isError(each) ? [{ index, message: each.message, error: each }] : [],
      );
      const first = wrong[0];
      // Strict (the default): one bad mail, and none is sent.
      if (first && !permissive)
        return { ...first.error, message: `${first.error.message} (emails[${first.index}])` };
      const mails = read.flatMap((each, index) => (isError(each) ? [] : [keep(each, request, index)]));
      const errors = wrong.map(({ index, message }) => ({ index, message }));
      return {
        status: 200,
        body: { data: mails.map(({ id }) => ({ id })), ...(permissive ? { errors } : {}) },
      };
    }),
  );

  /** Runs a send once for each idempotency key, and remembers its answer for 24 hours. */
  function once(
    req: Request,
    res: Response,
    send: (body: unknown, request: MailRequest) => { status: number; body: unknown } | ResendError,
  ): void {
    const key = req.get("idempotency-key");
    if (key !== undefined && (key.length < 1 || key.length > 256)) {
      return fail(res, resendError(400, "invalid_idempotency_key", "The key must be between 1-256 chars."));
    }
    const raw = bytes(req);
    const hash = createHash("sha256").update(req.path).update(raw).digest("hex");
    const request: MailRequest = {
      id: randomUUID(),
      at: now().toISOString(),
      path: req.path,
      idempotencyKey: key ?? null,
      body: raw.toString("base64"),
    };
    if (key) {
      const known = state.keys[key];
      const fresh = known && now().getTime() - Date.parse(known.at) < KEY_MEMORY;
      // A repeat is kept too: whoever looks can compare its bytes with the first one's.
      if (fresh) state.mailRequests.push(request);
      if (fresh && known.bodyHash !== hash) {
        return fail(
          res,
          resendError(
            409,
            "invalid_idempotent_request",
            "Same idempotency key used with a different request payload.",
          ),
        );
      }
      if (inFlight.has(key)) {
        return fail(
          res,
          resendError(
            409,
            "concurrent_idempotent_requests",
            "Same idempotency key used while original request is still in progress.",
          ),
        );
      }
      if (fresh && known.answer)
        return void res.status(known.answer.status).type("json").send(known.answer.body);
      inFlight.add(key);
    }
    let body: unknown;
    try {
      body = JSON.parse(raw.toString("utf8"));
    } catch {
      inFlight.delete(key ?? "");
      return fail(res, resendError(400, "validation_error", "The request body is not valid JSON."));
    }
    const result = send(body, request);
    if (!isError(result)) state.mailRequests.push(request);
    // The answer leaves later, so that a request with the same key can meet this one under way.
    setTimeout(() => {
      if (key) inFlight.delete(key);
      if (isError(result)) return fail(res, result);
      const text = JSON.stringify(result.body);
      if (key)
        state.keys[key] = {
          bodyHash: hash,
          at: now().toISOString(),
          answer: { status: result.status, body: text },
        };
      store.changed();
      res.status(result.status).type("json").send(text);
    }, limit.answerDelay);
  }

  function checkFrom(content: MailContent | ResendError): MailContent | ResendError {
    if (isError(content)) return content;
    const domain = addressOf(content.from)!.split("@")[1]!.toLowerCase();
    if (domains.sends(domain)) return content;
    return resendError(
      403,
      "validation_error",
      `The ${domain} domain is not verified. Please, add and verify your domain on https://resend.com/domains`,
    );
  }

  function accept(
    content: MailContent | ResendError,
    request: MailRequest,
    index: number,
  ): Mail | ResendError {
    const checked = checkFrom(content);
    return isError(checked) ? checked : keep(checked, request, index);
  }

  function keep(content: MailContent, request: MailRequest, index: number): Mail {
    const mail: Mail = {
      id: randomUUID(),
      created_at: now().toISOString(),
      last_event: "queued",
      ...content,
      requestId: request.id,
      index,
    };
    state.mails.push(mail);
    store.changed();
    events.play(mail);
    return mail;
  }

  router.get("/emails/:id", (req, res) => {
    const mail = state.mails.find(({ id }) => id === req.params.id);
    if (!mail) return fail(res, resendError(404, "not_found", "Email not found"));
    const { requestId: _request, index: _index, headers: _headers, ...visible } = mail;
    res.json({ object: "email", ...visible, scheduled_at: null });
  });

  const answer = (res: Response, value: object, status = 200) =>
    isError(value) ? fail(res, value) : void res.status(status).json(value);
  const json = (req: Request): unknown =>
    bytes(req).length === 0 ? {} : JSON.parse(bytes(req).toString("utf8"));

  router.post("/domains", (req, res) => {
    const made = domains.create(json(req));
    answer(res, isError(made) ? made : publicDomain(made), 201);
  });
  router.get("/domains", (_req, res) => {
    res.json({
      object: "list",
      has_more: false,
      data: domains.list().map((each) => publicDomain(each, false)),
    });
  });
  router.get("/domains/:id", (req, res) => {
    const found = domains.get(req.params.id);
    answer(res, isError(found) ? found : { object: "domain", ...publicDomain(found) });
  });
  router.post("/domains/:id/verify", (req, res) => answer(res, domains.verify(req.params.id)));
  router.patch("/domains/:id", (req, res) => answer(res, domains.update(req.params.id, json(req))));
  router.delete("/domains/:id", (req, res) => answer(res, domains.remove(req.params.id)));

  router.use((_req, res) =>
    fail(res, resendError(404, "not_found", "The requested endpoint does not exist.")),
  );
  return router;
}

const bytes = (req: Request): Buffer => (Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));
const fail = (res: Response, error: ResendError): void => void res.status(error.statusCode).json(error);
