// The list of changes: a tree for the keyboard and for screen readers, of which only the rows near the visible part are
// drawn. The keyboard stays with the list as a whole (aria-activedescendant), so rows come and go without losing it.
import { h, icon, iconClass, say, set } from "./dom";
import type { ChangeRow, DetailRow, ListRow } from "./rows";
import type { Place } from "../../src/features/monitor/messages";
import { spanOf, windowOf } from "./window";

/** Pixels: a row that was never drawn is taken to be as high as a row of VS Code's own lists. */
const ROW_HEIGHT = 22;
/** Pixels beyond the visible part that are drawn, so that scrolling does not show gaps; about a screen. A guess. */
const MARGIN = 400;

interface Drawn {
  readonly element: HTMLElement;
  readonly took: HTMLElement | undefined;
  readonly looks: string;
}

export interface ListEvents {
  toggle(change: string): void;
  reveal(place: Place): void;
  /** The row that the keyboard is on has changed. */
  moved(key: string | undefined): void;
}

export class ChangeList {
  readonly element = h("div", { class: "changes", role: "tree", tabindex: 0, "aria-label": "Changes" });
  private readonly before = h("div", { role: "none" });
  private readonly after = h("div", { role: "none" });
  private rows: readonly ListRow[] = [];
  private drawn = new Map<string, Drawn>();
  private readonly heights = new Map<string, number>();
  private frame = 0;

  constructor(
    private readonly events: ListEvents,
    private active: string | undefined,
  ) {
    this.element.append(this.before, this.after);
    this.element.addEventListener("click", (event) => {
      this.clicked(event);
    });
    this.element.addEventListener("keydown", (event) => {
      if (this.key(event.key)) {
        event.preventDefault();
      }
    });
    this.element.addEventListener("focus", () => {
      if (this.index() < 0) {
        this.move(0);
      }
      this.draw();
    });
    document.addEventListener("scroll", () => {
      this.soon();
    });
    new ResizeObserver(() => {
      this.heights.clear(); // Text wraps otherwise now.
      this.soon();
    }).observe(document.documentElement);
  }

  show(rows: readonly ListRow[]): void {
    this.rows = rows;
    this.element.hidden = rows.length === 0;
    this.draw();
  }

  private soon(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      this.draw();
    });
  }

  private index(): number {
    return this.rows.findIndex((row) => row.key === this.active);
  }

  private allHeights(): number[] {
    return this.rows.map((row) => this.heights.get(row.key) ?? ROW_HEIGHT);
  }

  private draw(): void {
    const top = -this.element.getBoundingClientRect().top;
    const { from, to, before, after } = windowOf(this.allHeights(), top, top + window.innerHeight, MARGIN);
    const visible = this.rows.slice(from, to);
    const next = new Map<string, Drawn>();
    let last: Element = this.before;
    for (const row of visible) {
      const drawn = this.drawRow(row);
      next.set(row.key, drawn);
      if (last.nextElementSibling !== drawn.element) {
        last.after(drawn.element);
      }
      last = drawn.element;
    }
    for (const [key, { element }] of this.drawn) {
      if (next.get(key)?.element !== element) {
        element.remove();
      }
    }
    this.drawn = next;
    this.before.style.height = `${before}px`;
    this.after.style.height = `${after}px`;
    set(this.element, { "aria-activedescendant": next.get(this.active ?? "")?.element.id });
    this.measure();
  }

  /** How high rows really are, which text that wraps and the font's size decide. */
  private measure(): void {
    let changed = false;
    for (const [key, { element }] of this.drawn) {
      const { height } = element.getBoundingClientRect();
      if (height > 0 && (this.heights.get(key) ?? ROW_HEIGHT) !== height) {
        this.heights.set(key, height);
        changed = true;
      }
    }
    if (changed) {
      this.soon();
    }
  }

  private drawRow(row: ListRow): Drawn {
    const active = row.key === this.active;
    // The time that runs is written into the row as it is: drawing it anew would start its spinner anew.
    const looks = JSON.stringify({ ...row, took: undefined });
    let drawn = this.drawn.get(row.key);
    if (drawn?.looks !== looks) {
      drawn = row.kind === "change" ? drawChange(row, looks) : drawDetail(row, looks);
    }
    if (row.kind === "change" && drawn.took !== undefined) {
      say(drawn.took, row.took);
    }
    drawn.element.classList.toggle("active", active);
    set(drawn.element, { "aria-selected": active ? "true" : "false" });
    return drawn;
  }

  private clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    const key = target?.closest("[data-key]")?.getAttribute("data-key");
    const row = this.rows.find((each) => each.key === key);
    if (row === undefined || target === undefined) {
      return;
    }
    this.move(this.rows.indexOf(row));
    if (target.closest(".twistie") !== null || (row.place === undefined && row.kind === "change")) {
      this.toggle(row);
    } else if (row.place !== undefined) {
      this.events.reveal(row.place);
    }
  }

  private toggle(row: ListRow): void {
    if (row.kind === "change" && row.open !== undefined) {
      this.events.toggle(row.change);
    }
  }

  /** Whether the key was for the list; the keys are those of VS Code's own trees. */
  private key(key: string): boolean {
    const at = this.index();
    const row = this.rows[at];
    const open = row?.kind === "change" ? row.open : undefined;
    switch (key) {
      case "ArrowDown":
        return this.move(at + 1);
      case "ArrowUp":
        return this.move(Math.max(0, at - 1));
      case "PageDown":
        return this.move(at + this.page());
      case "PageUp":
        return this.move(Math.max(0, at - this.page()));
      case "Home":
        return this.move(0);
      case "End":
        return this.move(this.rows.length - 1);
      case "ArrowRight":
        if (row !== undefined && open === false) {
          this.toggle(row);
        } else if (open === true) {
          this.move(at + 1);
        }
        return true;
      case "ArrowLeft":
        if (row !== undefined && open === true) {
          this.toggle(row);
        } else if (row?.kind === "detail") {
          this.move(this.rows.findIndex((each) => each.kind === "change" && each.change === row.change));
        }
        return true;
      case " ":
        if (row !== undefined) {
          this.toggle(row);
        }
        return true;
      case "Enter":
        if (row?.place !== undefined) {
          this.events.reveal(row.place);
        } else if (row !== undefined) {
          this.toggle(row);
        }
        return true;
      default:
        return false;
    }
  }

  private page(): number {
    return Math.max(1, Math.floor(window.innerHeight / ROW_HEIGHT) - 1);
  }

  private move(index: number): true {
    const to = Math.min(index, this.rows.length - 1);
    this.active = this.rows[to]?.key;
    this.events.moved(this.active);
    if (to >= 0) {
      const offset = this.element.getBoundingClientRect().top;
      const { top, bottom } = spanOf(this.allHeights(), to);
      if (offset + top < 0) {
        window.scrollBy(0, offset + top);
      } else if (offset + bottom > window.innerHeight) {
        window.scrollBy(0, offset + bottom - window.innerHeight);
      }
    }
    this.draw();
    return true;
  }
}

function drawChange(row: ChangeRow, looks: string): Drawn {
  const took = h("span", { class: "took" }, row.took);
  const element = h(
    "div",
    {
      class: "row",
      role: "treeitem",
      id: row.key.replaceAll(/\W/g, "-"),
      "data-key": row.key,
      "data-status": row.status,
      title: row.hover,
      "aria-label": row.spoken,
      "aria-level": 1,
      "aria-posinset": row.position,
      "aria-setsize": row.of,
      "aria-expanded": row.open === undefined ? undefined : String(row.open),
    },
    h("span", { class: row.open === undefined ? "twistie" : `twistie ${iconClass(row.open ? "chevron-down" : "chevron-right")}` }),
    h("span", { class: `${iconClass(row.icon, row.spins)} tone-${row.tone}` }),
    // The spaces are for whoever copies the row, or compares it with what is read aloud.
    h("span", { class: "name" }, row.name, ...(row.id === undefined ? [] : [" ", h("span", { class: "id" }, row.id)])),
    " ",
    h("span", { class: "type" }, row.type),
    " ",
    h("span", { class: "action" }, row.action),
    " ",
    h("span", { class: "badges" }, ...row.badges.flatMap(({ text, tone }) => [h("span", { class: `badge tone-${tone}` }, text), " "])),
    h("span", { class: "state" }, row.status),
    " ",
    took,
  );
  return { element, took, looks };
}

function drawDetail(row: DetailRow, looks: string): Drawn {
  const unseen = (text: string): HTMLElement => h("span", { class: "for-the-ear" }, text);
  const values = [
    ...(row.before === undefined ? [] : [unseen(", before: "), h("del", {}, row.before)]),
    ...(row.before !== undefined && row.after !== undefined ? [icon("arrow-right")] : []),
    ...(row.after === undefined ? [] : [unseen(", after: "), h("ins", {}, row.after)]),
  ];
  const element = h(
    "div",
    {
      class: "row detail",
      role: "treeitem",
      id: row.key.replaceAll(/\W/g, "-"),
      "data-key": row.key,
      "aria-level": 2,
      "aria-posinset": row.position,
      "aria-setsize": row.of,
    },
    h("span", { class: "label" }, row.label),
    ...(row.text === "" ? [] : [unseen(": "), h("span", { class: `text tone-${row.tone}` }, row.text)]),
    ...values,
  );
  return { element, took: undefined, looks };
}
