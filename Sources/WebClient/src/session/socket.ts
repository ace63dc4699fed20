// The WebSocket shell: opens, sends and closes as the core says, and reports what happens. Nothing of
// a socket that was left is reported any more.

import { decodeServerFrame, encodeClientFrame, isOfCompany } from "../protocol/codec";
import type { ClientFrame, CompanyFrame, Welcome } from "../protocol/frames";
import type { SessionEvent } from "./state";

export class SocketShell {
  private socket: WebSocket | null = null;

  constructor(
    private readonly report: (event: SessionEvent) => void,
    /** Who types and who is there, and whether the node knows such frames. */
    private readonly company: (frame: CompanyFrame | Welcome) => void,
  ) {}

  connect(node: string): void {
    this.disconnect();
    const socket = new WebSocket(`${node.replace(/^http/, "ws")}/ws`);
    this.socket = socket;
    const isCurrent = () => this.socket === socket;
    socket.addEventListener("open", () => {
      if (isCurrent()) this.report({ kind: "opened" });
    });
    socket.addEventListener("message", (message: MessageEvent<unknown>) => {
      if (!isCurrent() || typeof message.data !== "string") return;
      const frame = decodeServerFrame(message.data);
      if (frame === null) return;
      if (isOfCompany(frame)) return this.company(frame);
      if (frame.kind === "welcome") this.company(frame);
      this.report({ kind: "frame", frame });
    });
    socket.addEventListener("close", (close) => {
      if (!isCurrent()) return;
      this.socket = null;
      this.report({ kind: "closed", code: close.code });
    });
  }

  send(frame: ClientFrame): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encodeClientFrame(frame));
  }

  disconnect(): void {
    const { socket } = this;
    this.socket = null;
    socket?.close(1000);
  }
}
