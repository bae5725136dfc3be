import { describe, expect, test } from "vitest";
import { proxyFor } from "../../src/config/proxy.ts";

const both = { http: "http://one:3128", https: "http://two:3128" };

describe("NO_PROXY", () => {
  test.each([
    ["acme.scalekit.com", "https://acme.scalekit.com"],
    ["ACME.Scalekit.COM", "https://acme.scalekit.com"],
    ["acme.scalekit.com.", "https://acme.scalekit.com"],
    ["scalekit.com", "https://acme.scalekit.com"],
    [".scalekit.com", "https://acme.scalekit.com"],
    [".scalekit.com", "https://scalekit.com"],
    ["*.scalekit.com", "https://acme.scalekit.com"],
    ["one.example.com scalekit.com", "https://acme.scalekit.com"],
    ["a,,b, *", "https://acme.scalekit.com"],
    ["*:443", "https://acme.scalekit.com"],
    ["scalekit.com:8443", "https://acme.scalekit.com:8443"],
    ["10.1.2.3", "https://10.1.2.3"],
    ["10.0.0.0/8", "https://10.1.2.3"],
    ["10.1.2.3/32", "https://10.1.2.3"],
    ["0.0.0.0/0", "https://10.1.2.3"],
    ["10.0.0.0/8:8443", "https://10.1.2.3:8443"],
    ["fd00::/8", "https://[fd12::1]"],
    ["[fd00::]/8", "https://[fd12::1]"],
    ["fd12::1", "https://[fd12:0::1]"],
    ["[fd12::1]:443", "https://[fd12::1]"],
  ])("%s takes %s out", (none, url) => {
    expect(proxyFor(new URL(url), { ...both, none })).toBeUndefined();
  });

  test.each([
    ["", "https://acme.scalekit.com"],
    [",", "https://acme.scalekit.com"],
    [".", "https://acme.scalekit.com"],
    ["kit.com", "https://acme.scalekit.com"],
    ["*.scalekit.com", "https://scalekit.com"],
    ["acme.scalekit.com:80", "https://acme.scalekit.com"],
    ["*:80", "https://acme.scalekit.com"],
    ["10.0.0.0/8", "https://11.1.2.3"],
    ["10.0.0.0/8", "https://acme.scalekit.com"],
    ["10.0.0.0/8", "https://[fd12::1]"],
    ["10.0.0.0/99", "https://10.1.2.3"],
    ["10.0.0/8", "https://10.1.2.3"],
    ["fd00::/8", "https://[fe12::1]"],
    ["0.0.0.0/0", "https://acme.scalekit.com"],
  ])("%j leaves %s to the proxy", (none, url) => {
    expect(proxyFor(new URL(url), { ...both, none })).toBe("https");
  });
});

test("a proxy is of the scheme, and that for HTTP of both where there is no other", () => {
  const url = new URL("https://acme.scalekit.com");
  expect(proxyFor(url, { ...both, none: "" })).toBe("https");
  expect(proxyFor(url, { ...both, https: "", none: "" })).toBe("http");
  expect(proxyFor(url, { http: "", https: "", none: "" })).toBeUndefined();
  expect(proxyFor(new URL("http://acme.scalekit.com"), { ...both, none: "" })).toBe("http");
  expect(proxyFor(new URL("http://acme.scalekit.com"), { ...both, http: "", none: "" })).toBeUndefined();
});

test.each(["http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080"])("%s is behind no proxy", (url) => {
  expect(proxyFor(new URL(url), { ...both, none: "" })).toBeUndefined();
});
