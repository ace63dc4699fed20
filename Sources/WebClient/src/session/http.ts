// HTTP to the node that the socket is on. A request that changes something has one idempotency key for
// all its tries, so a node that dies in the middle of it costs nothing but time.

import { Fields, isObject } from "../protocol/fields";
import { ApiError } from "../protocol/http-types";

export interface HttpPort {
  /** The base address of the node to ask now. */
  readonly node: () => string;
  readonly bearer: () => string | null;
  readonly makeKey: () => string;
}

const tries = 6;
const pauses = [0, 400, 1000, 2000, 3000, 4000];
const requestTimeout = 15_000;

export class Http {
  private csrf: string | null = null;

  constructor(private readonly port: HttpPort) {}

  /** Forgets the CSRF token: it belongs to a session that ended or began. */
  forgetToken(): void {
    this.csrf = null;
  }

  get(path: string): Promise<unknown> {
    return this.repeated(() => this.once("GET", path, undefined, null));
  }

  /** Asks once. */
  getOnce(path: string): Promise<unknown> {
    return this.once("GET", path, undefined, null);
  }

  /** Sends a request that changes something; one that was sent before has its `key`. */
  change(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: object, key = this.port.makeKey()): Promise<unknown> {
    return this.repeated(async () => {
      try {
        return await this.once(method, path, body, key);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "csrf" || this.csrf === null) throw error;
        this.csrf = null;
        return this.once(method, path, body, key);
      }
    });
  }

  private async repeated(request: () => Promise<unknown>): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request();
      } catch (error) {
        const mayRepeat = error instanceof ApiError && error.retryable && error.status !== 429;
        if (!mayRepeat || attempt >= tries) throw error;
        await sleep(Math.max(pauses[attempt] ?? 4000, Math.min(error.retryAfter, 5000)));
      }
    }
  }

  private async once(
    method: string,
    path: string,
    body: object | undefined,
    key: string | null,
  ): Promise<unknown> {
    const bearer = this.port.bearer();
    const headers: Record<string, string> = {};
    if (bearer !== null) headers["Authorization"] = `Bearer ${bearer}`;
    if (key !== null) {
      headers["Idempotency-Key"] = key;
      if (bearer === null) headers["X-CSRFToken"] = await this.token();
    }
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await this.fetch(path, {
      method,
      headers,
      credentials: bearer === null ? "include" : "omit",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value = await parse(response);
    if (response.ok) return value;
    throw errorFrom(response, value);
  }

  private async token(): Promise<string> {
    if (this.csrf !== null) return this.csrf;
    const response = await this.fetch("/api/csrf", { credentials: "include" });
    const value = await parse(response);
    if (!response.ok) throw errorFrom(response, value);
    this.csrf = Fields.of(value).string("csrftoken");
    return this.csrf;
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), requestTimeout);
    try {
      return await fetch(this.port.node() + path, { ...init, cache: "no-store", signal: abort.signal });
    } catch {
      throw new ApiError(0, "network", "The network is not reachable.", true, 0);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function parse(response: Response): Promise<unknown> {
  try {
    const text = await response.text();
    const value: unknown = text === "" ? null : JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}

function errorFrom(response: Response, value: unknown): ApiError {
  const error = isObject(value) && isObject(value["error"]) ? value["error"] : {};
  const { code, message, retryable, retryAfter } = error;
  return new ApiError(
    response.status,
    typeof code === "string" ? code : "internal",
    typeof message === "string" ? message : `The node answered ${response.status}.`,
    typeof retryable === "boolean" ? retryable : response.status >= 500,
    typeof retryAfter === "number" ? retryAfter : 0,
  );
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
