import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import english from "@/messages/en";
import chinese from "@/messages/zh-CN";

const kSource = new URL("../src", import.meta.url).pathname;

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === "string") found.set(at, value);
    else for (const [inner, text] of leaves(value, at)) found.set(inner, text);
  }
  return found;
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(vue|ts)$/.test(name) && !name.startsWith("messages"))
    .map((name) => join(folder, name));
}

const zh = leaves(chinese);
const en = leaves(english);
const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("messages", () => {
  it("exist in both languages with the same placeholders", () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
    for (const [key, text] of zh) expect(names(en.get(key)!), key).toEqual(names(text));
  });

  it("hold no sign that vue-i18n reads as syntax", () => {
    for (const text of [...zh.values(), ...en.values()]) expect(text).not.toMatch(/[|@]/);
  });

  it("exist for every key that a source names", () => {
    for (const file of files(kSource)) {
      const source = readFileSync(file, "utf8");
      for (const [, key] of source.matchAll(/\bt\(\s*"([\w.]+)"/g)) {
        expect(zh.has(key!), `${key} in ${file}`).toBe(true);
      }
      for (const [, group] of source.matchAll(/\bt\(\s*`([\w.]+)\.\$\{/g)) {
        const known = [...zh.keys()].some((key) => key.startsWith(`${group}.`));
        expect(known, `${group}.* in ${file}`).toBe(true);
      }
    }
  });

  it("are the only place of text: no Chinese outside of them, but for comments", () => {
    for (const file of files(kSource)) {
      const source = readFileSync(file, "utf8").replace(/\/\/.*$|<!--.*?-->|\/\*.*?\*\//gms, "");
      expect(source.match(/[\u4e00-\u9fff]+/g) ?? [], file).toEqual([]);
    }
  });
});
