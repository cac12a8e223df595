import { useState } from "react";
import { useLocation } from "react-router";
import { sentence } from "../api/errors.ts";
import { t } from "../messages/t.ts";
import type { Issuer } from "../session/issuerMark.ts";

/** Leads to the sign-in page of an issuer. */
export function IssuerButton({ issuer, main }: { issuer: Issuer; main: boolean }) {
  const { from = "/library" } = (useLocation().state ?? {}) as { from?: string };
  const [leaving, setLeaving] = useState(false);
  const [problem, setProblem] = useState<string>();
  async function leave() {
    if (leaving) return;
    setLeaving(true);
    try {
      await (await import("../session/issuer.ts")).signInAt(issuer, from);
    } catch (error) {
      setProblem(t("accounts.issuerUnreachable", { name: issuer.name, problem: sentence(error) }));
      setLeaving(false);
    }
  }
  return (
    <>
      <button
        type="button"
        className={main ? "button primary wide" : "button wide"}
        aria-disabled={leaving}
        onClick={() => void leave()}
      >
        {t("accounts.signInWith", { name: issuer.name })}
      </button>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
