import { t } from "../messages/t.ts";

type Names = readonly (readonly [pattern: RegExp, name: string])[];

// Most browsers also name the browsers that they resemble, so the order matters.
const BROWSERS: Names = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(HeadlessChrome|Chrome|CriOS)\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
];
const SYSTEMS: Names = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac(intosh|OS| OS X)\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];
/** The name of a program that is not a browser, such as "media-client/0.2.0". */
const PROGRAM = /^([A-Za-z][\w.-]{1,40})(?:\/(\d[\w.]{0,15}))?(?= |$)/;

/** Name the device and program of a session, such as "Firefox on Windows", from its user agent. */
export function deviceName(userAgent: string | null): string {
  if (userAgent === null) return t("format.device.unknown");
  const browser = match(BROWSERS, userAgent);
  const system = match(SYSTEMS, userAgent);
  if (browser !== undefined)
    return system === undefined ? browser : t("format.device", { browser, system });
  const [, program, version] = PROGRAM.exec(userAgent) ?? [];
  if (program === undefined || program === "Mozilla") return system ?? t("format.device.unknown");
  return version === undefined ? program : `${program} ${version}`;
}

function match(names: Names, userAgent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(userAgent))?.[1];
}
