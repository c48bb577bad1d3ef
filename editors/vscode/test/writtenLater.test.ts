import { expect, it } from "vitest";

import { WrittenLater } from "../src/writtenLater";

/** Something to write to, whose writes end when the test says so. */
function slow() {
  const begun: string[] = [];
  const ends: { done(): void; failed(error: Error): void }[] = [];
  const value = new WrittenLater<string>(
    (written) =>
      new Promise((done, failed) => {
        begun.push(written);
        ends.push({ done, failed });
      }),
  );
  const end = async (error?: Error) => {
    const last = ends[begun.length - 1];
    if (error === undefined) {
      last?.done();
    } else {
      last?.failed(error);
    }
    await new Promise(setImmediate); // All that waited for it has run.
  };
  return { value, begun, end };
}

it("reads as what was asked for until it is written", async () => {
  const { value, begun, end } = slow();
  const asked = value.set("first");
  expect(value.pending).toBe("first");
  await Promise.resolve();
  expect(begun).toEqual(["first"]);
  await end();
  await asked;
  expect(value.pending).toBeUndefined();
});

it("still reads as the last one where an earlier write ends", async () => {
  const { value, begun, end } = slow();
  const asked = [value.set("first"), Promise.resolve().then(() => value.set("second"))];
  await Promise.resolve();
  await end();
  expect(value.pending).toBe("second");
  expect(begun).toEqual(["first", "second"]);
  await end();
  await Promise.all(asked);
  expect(value.pending).toBeUndefined();
});

it("leaves out what is not wanted any more, and ends for whoever asked for it", async () => {
  const { value, begun, end } = slow();
  const first = value.set("first");
  await Promise.resolve();
  const asked = [first, value.set("second"), value.set("third")];
  await end();
  await end();
  await Promise.all(asked);
  expect(begun).toEqual(["first", "third"]);
});

it("tells a failure to whoever asked, and writes the next one anyway", async () => {
  const { value, begun, end } = slow();
  const failing = value.set("first");
  await Promise.resolve();
  const next = value.set("second");
  const failure = expect(failing).rejects.toThrow("read only");
  await end(new Error("read only"));
  await failure;
  expect(value.pending).toBe("second");
  await end();
  await next;
  expect(begun).toEqual(["first", "second"]);
  const again = expect(value.set("third")).rejects.toThrow("full");
  await new Promise(setImmediate);
  await end(new Error("full"));
  await again;
  expect(value.pending).toBeUndefined();
});
