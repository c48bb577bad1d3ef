// What is asked of the server about one deployment; each answer is the deployment as it is then.
import type { Commands, Deployment } from "../../protocol.gen";
import type { Server } from "../../server/server";
import type { Answer } from "../monitor/messages";

export class Requests {
  constructor(
    private readonly server: () => Server,
    private readonly answered: (deployment: Deployment) => void,
  ) {}

  /** `plan` is the one that a person has seen. */
  execute(deployment: Deployment, plan = deployment.plan?.id): Promise<void> {
    return this.ask("sigma.execute", { deployment: deployment.id, plan });
  }

  abort(deployment: Deployment): Promise<void> {
    return this.ask("sigma.abort", { deployment: deployment.id });
  }

  stop(deployment: Deployment): Promise<void> {
    return this.ask("sigma.stop", { deployment: deployment.id });
  }

  answer(deployment: Deployment, question: string, answer: Answer): Promise<void> {
    return this.ask("sigma.answer", { deployment: deployment.id, question, answer });
  }

  private async ask<C extends "sigma.execute" | "sigma.abort" | "sigma.stop" | "sigma.answer">(
    command: C,
    params: Commands[C]["params"],
  ): Promise<void> {
    this.answered(await this.server().execute(command, params));
  }
}
