// The language server: found, started, watched, started again; and the one door through which it is asked.
import { type Disposable, EventEmitter, type ExtensionContext, type LogOutputChannel } from "vscode";

import { said } from "../log";
import type { Commands, Notifications } from "../protocol.gen";
import type { Listeners } from "./client";
import { type Conversation, Refused } from "./conversation";
import { findServer } from "./machine";
import type { Resolution } from "./resolve";
import { delayAfter } from "./restarts";
import type { ServerState } from "./state";

export { Refused } from "./conversation";

export class Server implements Disposable {
  private conversation: Conversation | undefined;
  private queue: Promise<void> = Promise.resolve();
  private restartsWaiting = 0;
  private timer: NodeJS.Timeout | undefined;
  private crashes: number[] = [];
  private lastWords: string[] = [];
  private readonly states = new EventEmitter<ServerState>();
  readonly onDidChangeState = this.states.event;
  state: ServerState = { kind: "idle" };

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
    private readonly handlers: Listeners["handlers"],
  ) {}

  /** Starts the server unless it runs; when the promise settles, `state` says how that went. */
  start(): Promise<void> {
    return this.enqueue(async () => {
      if (this.conversation === undefined) {
        await this.launch();
      }
    });
  }

  /** Stops and starts it. Any number of calls during a restart make one more, not many. */
  restart(): Promise<void> {
    if (this.restartsWaiting > 0) {
      return this.queue;
    }
    this.restartsWaiting += 1;
    return this.enqueue(async () => {
      this.restartsWaiting -= 1;
      this.crashes = [];
      await this.halt();
      await this.launch();
    });
  }

  /** Stops it for good, as when the window closes. */
  stop(): Promise<void> {
    return this.enqueue(async () => {
      await this.halt();
      this.become({ kind: "idle" });
    });
  }

  /**
   * Carries out a command of the server.
   *
   * @throws Refused where the server refuses, or does not run
   */
  async execute<C extends keyof Commands>(command: C, params: Commands[C]["params"]): Promise<Commands[C]["result"]> {
    // One that was given up waits for the user, who is told why; any view may ask.
    if (this.state.kind !== "stopped") {
      await this.start();
    }
    if (this.conversation === undefined || this.state.kind !== "running") {
      throw new Refused("serverStopped", this.state.kind === "stopped" ? this.state.message : "The server is not running.");
    }
    const answer = await this.conversation.execute(command, params);
    if ("code" in answer) {
      throw new Refused(answer.code, answer.message);
    }
    return answer.result as Commands[C]["result"];
  }

  async notify<M extends keyof Notifications>(method: M, params: Notifications[M]): Promise<void> {
    if (this.state.kind === "running") {
      await this.conversation?.notify(method, params);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.states.dispose();
  }

  // One start or stop at a time, in the order in which they were asked for.
  private enqueue(action: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(action).catch((error: unknown) => {
      this.log.error(`Starting or stopping the server: ${said(error)}`);
    });
    return this.queue;
  }

  private become(state: ServerState): void {
    this.state = state;
    this.states.fire(state);
  }

  private async launch(): Promise<void> {
    clearTimeout(this.timer);
    this.become({ kind: "starting" });
    const found = await findServer(this.context);
    if (found.kind === "missing") {
      this.log.error(found.message);
      this.become({ kind: "stopped", message: found.message, fault: found.fault });
      return;
    }
    this.log.info(`Starting ${[found.command, ...found.args].join(" ")} (${found.because})`);
    this.lastWords = [];
    try {
      const conversation = await this.newConversation(found);
      this.conversation = conversation;
      await conversation.start();
      this.log.info("The server is ready");
      this.become({ kind: "running" });
    } catch (error) {
      await this.halt();
      this.become({ kind: "stopped", message: this.obituary(`could not be started from ${found.because}: ${said(error)}`) });
    }
  }

  private async halt(): Promise<void> {
    clearTimeout(this.timer);
    const conversation = this.conversation;
    this.conversation = undefined;
    try {
      await conversation?.end();
    } catch (error) {
      // It may have died already; then there is nothing left to stop.
      this.log.warn(`Stopping the server: ${said(error)}`);
    }
  }

  private async newConversation(found: Extract<Resolution, { kind: "found" }>): Promise<Conversation> {
    const { converse } = await import("./client");
    const conversation: Conversation = converse(found.command, found.args, this.log, {
      handlers: this.handlers,
      wrote: (line) => {
        this.lastWords = [...this.lastWords.slice(-4), line];
        this.log.info(`server: ${line}`);
      },
      closed: () => {
        this.died(conversation);
      },
    });
    return conversation;
  }

  /** The connection closed without being asked to. */
  private died(conversation: Conversation): void {
    if (conversation !== this.conversation || this.state.kind !== "running") {
      return; // It was being stopped, or never came up: whoever does that reports it.
    }
    this.conversation = undefined;
    this.crashes.push(Date.now());
    const delay = delayAfter(this.crashes);
    if (delay === undefined) {
      this.become({ kind: "stopped", message: this.obituary(`stopped unexpectedly, ${this.crashes.length} times in a row`) });
      return;
    }
    this.log.warn(this.obituary(`stopped unexpectedly and is started again in ${delay} ms`));
    this.become({ kind: "starting" });
    this.timer = setTimeout(() => void this.start(), delay);
  }

  private obituary(what: string): string {
    const words = this.lastWords.at(-1);
    return `The Sigma language server ${what}.` + (words === undefined ? "" : ` Its last words: ${words}`);
  }
}
