// What is pressed and filled in, as VS Code draws it: elements of @vscode-elements, imported one by one, and what they lack
// to be as good for keyboards and screen readers as the browser's own. What is not taken from there, and why, is in
// docs/adr/0008-vscode-elements.md.
import "@vscode-elements/elements/dist/vscode-button/index.js";
import { VscodeCheckbox } from "@vscode-elements/elements/dist/vscode-checkbox/index.js";
import "@vscode-elements/elements/dist/vscode-label/index.js";
import "@vscode-elements/elements/dist/vscode-progress-bar/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import "@vscode-elements/elements/dist/vscode-toolbar-button/index.js";

import { type Attributes, h, icon, iconClass } from "./dom";

export type Button = HTMLElementTagNameMap["vscode-button"];

interface Look {
  /** A codicon. */
  readonly icon?: string;
  readonly look?: "primary" | "secondary" | "link";
  /** Sends the form that it is in. */
  readonly submits?: boolean;
  readonly attributes?: Attributes;
}

/** A button with words on it. */
export function button(label: string, { icon: name, look = "secondary", submits = false, attributes = {} }: Look, press?: () => void): Button {
  const made = h(
    "vscode-button",
    { class: look, secondary: look !== "primary", type: submits ? "submit" : "button", ...attributes },
    // The element's own `icon` would load the icons' styles once more for each button.
    ...(name === undefined ? [] : [h("span", { slot: "content-before", class: iconClass(name), "aria-hidden": "true" })]),
    label,
  );
  if (press !== undefined) {
    made.addEventListener("click", press);
  }
  // The element takes a key that is held down for many presses, and leaves Space to scroll the page, too.
  made.addEventListener(
    "keydown",
    (event) => {
      if (event.key === " ") {
        event.preventDefault();
      }
      if (event.repeat && (event.key === " " || event.key === "Enter")) {
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
  return made;
}

/** A button that is only an icon; `label` is said and shown on hover. */
export function iconButton(name: string, label: string, press: () => void): HTMLElement {
  const made = h("vscode-toolbar-button", { title: label, label }, icon(name));
  made.addEventListener("click", press);
  return made;
}

/** Takes buttons out of use that were pressed: once is enough. */
export function disable(buttons: Iterable<Button>): void {
  for (const each of buttons) {
    each.disabled = true;
    each.ariaDisabled = "true";
  }
}

/** The library's check box hears mouse and keys, but not the field inside, which is what a screen reader presses. */
export class CheckBox extends VscodeCheckbox {
  protected override firstUpdated(changed: Map<PropertyKey, unknown>): void {
    super.firstUpdated(changed);
    this.field?.addEventListener("change", ({ currentTarget }) => {
      this.checked = (currentTarget as HTMLInputElement).checked;
      this.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    super.updated(changed);
    if (this.field !== null) {
      this.field.checked = this.checked; // Once it was pressed, it no longer follows its attribute.
    }
  }

  private get field(): HTMLInputElement | null {
    return this.renderRoot.querySelector("input");
  }
}

customElements.define("sigma-checkbox", CheckBox);

declare global {
  interface HTMLElementTagNameMap {
    "sigma-checkbox": CheckBox;
  }
}
