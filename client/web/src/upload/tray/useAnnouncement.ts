import { useEffect, useRef, useState } from "react";
import type { Headline } from "./headline.ts";

/** Screen readers would read every change of the percentage. */
const INTERVAL_MS = 15_000;

/** Return the text to announce: a new one when the kind of news changes, else now and then. */
export function useAnnouncement(text: string, { tone }: Headline): string {
  const [spoken, setSpoken] = useState("");
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  });
  const silent = text === "";
  useEffect(() => {
    const say = () => setSpoken(latest.current);
    const first = setTimeout(say);
    const timer = silent ? undefined : setInterval(say, INTERVAL_MS);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [tone, silent]);
  return spoken;
}
