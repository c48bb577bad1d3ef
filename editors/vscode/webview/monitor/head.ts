// The upper part: which deployment, how it stands, its steps, its buttons, and the check box.
import type { Deployment } from "../../src/protocol.gen";
import type { Done, Listed, Shown } from "../../src/features/monitor/messages";
import { type ActionKind, actions } from "./actions";
import { Check } from "./check";
import { h, icon, iconClass, Part, say, set } from "./dom";
import { type Button, button } from "./elements";
import { overview } from "./overview";
import { type Step, steps, type StepState } from "./steps";

type Send = (done: Done) => void;

export class Head {
  private readonly icon = h("span", { "aria-hidden": "true" });
  private readonly title = h("h1", {});
  private readonly target = h("span", { class: "target" });
  private readonly message = h("span", { class: "message" });
  private readonly details = h("span", { class: "details" });
  private readonly status = h("span", { class: "status" });
  private readonly chooser = h("select", { "aria-label": "Deployment" });
  private readonly progress = h("vscode-progress-bar", { "aria-label": "Changes done" });
  private readonly steps = new Part<readonly Step[]>(h("ol", { class: "steps", "aria-label": "Phases" }), drawSteps);
  private readonly buttons = new Map<ActionKind, Button>();
  private readonly toolbar = h("div", { class: "buttons", role: "group", "aria-label": "Actions" });
  private readonly again: Button;
  private readonly automatic = h("sigma-checkbox", { label: "Start deployment automatically when changes are ready" });
  private readonly check = new Check();
  private listed = "";
  private deployment: Deployment | undefined;
  readonly element: HTMLElement;

  constructor(private readonly send: Send) {
    this.again = button("Deploy Project", { icon: "cloud-upload" }, () => {
      send({ kind: "deployProject" });
    });
    this.element = h(
      "header",
      {},
      h(
        "div",
        { class: "title" },
        this.icon,
        this.title,
        this.status,
        this.chooser,
        this.automatic,
      ),
      h("div", { class: "about" }, this.message, this.details, this.target),
      this.progress,
      this.steps.element,
      this.toolbar,
    );
    this.chooser.addEventListener("change", () => {
      send({ kind: "select", deployment: this.chooser.value });
    });
    this.automatic.addEventListener("change", () => {
      this.check.press();
      send({ kind: "autoExecute", value: this.automatic.checked });
    });
  }

  show(shown: Shown, now: number): void {
    const { deployment } = shown;
    if (deployment === undefined) {
      return;
    }
    this.deployment = deployment;
    const { title, target, look, icon: name, spins, status, message, details, fraction, busy } = overview(deployment, now);
    set(this.icon, { class: `${iconClass(name, spins)} look-${look}` });
    say(this.title, title);
    say(this.status, status);
    say(this.message, message);
    say(this.details, details);
    say(this.target, target);
    this.showProgress(fraction, busy, look === "bad" || deployment.progress.failed > 0);
    this.steps.show(steps(deployment));
    this.showButtons(deployment, shown.trusted);
    this.showListed(shown.listed, deployment.id);
    this.automatic.checked = this.check.of(shown) ?? this.automatic.checked;
  }

  private showProgress(fraction: number | undefined, busy: boolean, bad: boolean): void {
    const percent = fraction === undefined ? undefined : Math.round(fraction * 100);
    const unknown = percent === undefined && busy;
    const idle = percent === undefined && !busy;
    set(this.progress, { value: unknown ? undefined : (percent ?? 0), indeterminate: unknown, class: `bar${idle ? " bar-idle" : ""}${bad ? " bar-bad" : ""}` });
  }

  private showButtons(deployment: Deployment, trusted: boolean): void {
    for (const { kind, label, icon: name, primary, hint, reason } of actions(deployment)) {
      let made = this.buttons.get(kind);
      if (made === undefined) {
        made = button(label, { icon: name, look: primary ? "primary" : "secondary", attributes: { "data-action": kind } }, () => {
          this.press(kind);
        });
        this.buttons.set(kind, made);
        this.toolbar.append(made);
      }
      // Not `disabled`: that would take the button from the keyboard, and the reason with it.
      set(made, { "aria-disabled": reason === undefined ? "false" : "true", title: reason ?? hint, "aria-description": reason ?? hint });
    }
    if (this.again.parentElement === null) {
      this.toolbar.append(this.again);
    }
    this.again.hidden = deployment.phase !== "completed" || !trusted;
  }

  private press(kind: ActionKind): void {
    const { deployment } = this;
    if (deployment === undefined || this.buttons.get(kind)?.getAttribute("aria-disabled") !== "false") {
      return;
    }
    if (kind === "execute") {
      this.send({ kind, deployment: deployment.id, plan: deployment.plan?.id });
    } else {
      this.send({ kind, deployment: deployment.id });
    }
  }

  private showListed(listed: readonly Listed[], selected: string): void {
    const next = JSON.stringify(listed);
    if (next !== this.listed) {
      this.listed = next;
      this.chooser.replaceChildren(...listed.map(({ id, label }) => h("option", { value: id }, label)));
    }
    this.chooser.value = selected;
    this.chooser.hidden = listed.length < 2;
  }
}

const STEP_ICONS: Record<StepState, string> = {
  done: "pass-filled",
  current: "circle-large-filled",
  failed: "error",
  skipped: "circle-slash",
  upcoming: "circle-large-outline",
};

const STEP_WORDS: Record<StepState, string> = { done: "done", current: "", failed: "failed", skipped: "left out", upcoming: "to come" };

function drawSteps(all: readonly Step[]): Node[] {
  return all.map(({ phase, label, state }) =>
    h(
      "li",
      { class: `step step-${state}`, "data-phase": phase, "aria-current": state === "current" ? "step" : undefined },
      icon(STEP_ICONS[state]),
      h("span", {}, label),
      ...(STEP_WORDS[state] === "" ? [] : [h("span", { class: "for-the-ear" }, `, ${STEP_WORDS[state]}`)]),
    ),
  );
}
