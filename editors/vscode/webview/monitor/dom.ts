// Elements made of names, attributes and text. Text goes in as text: nothing here, and nobody who calls it, parses HTML.

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  set(element, attributes);
  element.append(...children);
  return element;
}

/** Sets attributes; `true` is an empty one, `false` and undefined take it away. What is there already is left alone. */
export function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) {
      element.removeAttribute(name);
      continue;
    }
    const text = value === true ? "" : String(value);
    if (element.getAttribute(name) !== text) {
      element.setAttribute(name, text);
    }
  }
}

export function say(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** A picture beside words that say the same, so screen readers pass over it. */
export function icon(name: string, spins = false): HTMLElement {
  return h("span", { class: iconClass(name, spins), "aria-hidden": "true" });
}

export function iconClass(name: string, spins = false): string {
  return `codicon codicon-${name}${spins ? " codicon-modifier-spin" : ""}`;
}

/** Draws a part anew only where what it shows has changed, so that focus and what is typed in it stay. */
export class Part<T> {
  private shown: string | undefined;

  constructor(
    readonly element: HTMLElement,
    private readonly draw: (model: T) => readonly Node[],
  ) {
    element.hidden = true;
  }

  /** Undefined: there is nothing to show. */
  show(model: T | undefined): void {
    const next = JSON.stringify(model);
    if (next === this.shown) {
      return;
    }
    this.shown = next;
    this.element.hidden = model === undefined;
    this.element.replaceChildren(...(model === undefined ? [] : this.draw(model)));
  }
}
