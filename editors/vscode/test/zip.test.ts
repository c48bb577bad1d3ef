import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

import { zip } from "../src/zip";

it("is read by another program, with names and texts of all kinds", () => {
  const entries = [
    { name: "report.md", text: "# Sigma\n".repeat(100) },
    { name: "events/d1.log", text: "\u00e4\u20ac\n" },
    { name: "empty.txt", text: "" },
  ];
  const folder = mkdtempSync(join(tmpdir(), "sigma-zip-"));
  try {
    const archive = join(folder, "all.zip");
    writeFileSync(archive, zip(entries));
    const script = "import json,sys,zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps({n: z.read(n).decode() for n in z.namelist()}))";
    const read = JSON.parse(execFileSync("python3", ["-c", script, archive], { encoding: "utf8" })) as Record<string, string>;
    expect(Object.entries(read).map(([name, text]) => ({ name, text }))).toEqual(entries);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
