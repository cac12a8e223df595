import type { ReactNode } from "react";
import { ThemeToggle } from "../ui/ThemeToggle.tsx";
import { Brand } from "../shell/Brand.tsx";
import { t } from "../messages/t.ts";

/** The layout of the sign-in and sign-up pages. index.html shows its outline before scripts run. */
export function EntryPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="entry">
      <header className="entry-wall">
        <Brand />
        <p>{t("accounts.wall")}</p>
      </header>
      <div className="entry-side">
        <div className="entry-header">
          <ThemeToggle />
        </div>
        <main id="content" className="entry-card" tabIndex={-1}>
          <h1>{title}</h1>
          {children}
        </main>
        <p className="entry-note">{t("accounts.note")}</p>
      </div>
    </div>
  );
}
