import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";

/**
 * While `active`, keep the page, because something is shown nowhere else: the browser asks before
 * it leaves, and its Back button leads to the same page. It adds a history entry for this.
 */
export function useStay(active: boolean): void {
  const navigate = useNavigate();
  const location = useLocation();
  const { pathname, search } = location;
  // Not the entry of an earlier visit, which the browser remembers, too.
  const [stay] = useState(() => Math.random());
  const here = stayOf(location.state) === stay;
  useEffect(() => {
    if (active && !here) void navigate({ pathname, search }, { state: { stay } });
  }, [active, here, navigate, pathname, search, stay]);
  useEffect(() => {
    if (!active) return;
    const ask = (event: Event) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => {
      removeEventListener("beforeunload", ask);
      const { usr } = Object(history.state) as { usr?: unknown };
      if (stayOf(usr) === stay) history.back();
    };
  }, [active, stay]);
}

function stayOf(state: unknown): unknown {
  return (Object(state) as { stay?: unknown }).stay;
}
