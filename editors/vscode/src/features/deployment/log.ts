// What the clouds said of one deployment, in an output channel: fetched whole when asked for, then kept up to date.
import type { OutputChannel } from "vscode";

import type { Deployment, Event, Events } from "../../protocol.gen";
import type { Server } from "../../server/server";
import { target, title } from "./words";

export class DeploymentLog {
  private shown: string | undefined;
  private arrived: Event[] = [];

  constructor(
    private readonly channel: OutputChannel,
    private readonly server: () => Server,
  ) {}

  async show(deployment: Deployment): Promise<void> {
    this.shown = deployment.id;
    this.arrived = [];
    const events = await this.server().execute("sigma.logs", { deployment: deployment.id });
    // What arrived while the server answered may be in its answer as well.
    const known = new Set(events.map((event) => JSON.stringify(event)));
    const late = this.arrived.filter((event) => !known.has(JSON.stringify(event)));
    const head = `${title(deployment)}: ${target(deployment)}`;
    this.channel.replace([head, "", ...[...events, ...late].map(line), ""].join("\n"));
    this.arrived = [];
    this.channel.show(true);
  }

  append(batch: Events): void {
    if (batch.id !== this.shown) {
      return; // It will be fetched when somebody wants to see it.
    }
    this.arrived.push(...batch.events);
    this.channel.append(batch.events.map((event) => `${line(event)}\n`).join(""));
  }
}

/** One line for each. */
export function line(event: Event): string {
  const reason = event.reason === undefined ? "" : `  ${event.reason}`;
  return `${event.at}  ${event.status}  ${event.resource}  ${event.type}${reason}`;
}
