import type { Request, Response } from "express";
import type { Store } from "#tests/sandbox/state.ts";

/** Something that goes wrong on demand. */
export interface Fault {
  api: "shopify" | "resend" | "webhooks";
  /**
   * `status`: answer with that status; `timeout`: accept, never answer; `reset_before`: cut the connection before
   * anything is done; `reset_after`: do the work, then cut the connection; `throttle`, `rate_limit`, `daily_quota`,
   * `monthly_quota`: the service's own refusals; `lose`: a webhook that is never sent.
   */
  kind:
    | "status"
    | "timeout"
    | "reset_before"
    | "reset_after"
    | "throttle"
    | "rate_limit"
    | "daily_quota"
    | "monthly_quota"
    | "lose";
  status?: number | undefined;
  /** How many requests it hits before it is over. */
  times: number;
  /** Only requests (or webhook topics) whose path contains this text. */
  match?: string | undefined;
}

/** Takes the next fault for this request, if one was ordered. */
export function takeFault(store: Store, api: Fault["api"], path: string): Fault | undefined {
  const fault = store.state.faults.find((each) => each.api === api && path.includes(each.match ?? ""));
  if (!fault) return undefined;
  fault.times -= 1;
  if (fault.times <= 0) store.state.faults.splice(store.state.faults.indexOf(fault), 1);
  store.changed();
  return fault;
}

/**
 * Plays the faults that need no knowledge of the service. True: the request is dealt with.
 * `reset_after` lets the work go on and cuts the connection when the answer is about to leave.
 */
export function playFault(fault: Fault | undefined, req: Request, res: Response): boolean {
  if (!fault) return false;
  if (fault.kind === "timeout") return true;
  if (fault.kind === "reset_before") {
    req.socket.resetAndDestroy();
    return true;
  }
  if (fault.kind === "reset_after") {
    res.end = (() => {
      req.socket.resetAndDestroy();
      return res;
    }) as typeof res.end;
    return false;
  }
  if (fault.kind !== "status") return false;
  const status = fault.status ?? 500;
  const name = status < 500 ? "validation_error" : "internal_server_error";
  res
    .status(status)
    .json({ statusCode: status, name, message: "Something went wrong.", errors: "Something went wrong." });
  return true;
}
