import type { ReactNode } from "react";
import { ThemeToggle } from "../ui/ThemeToggle.tsx";
import { Brand } from "../shell/Brand.tsx";

/** The layout of the sign-in and sign-up pages. */
export function EntryPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="entry">
      <header className="entry-header">
        <Brand />
        <ThemeToggle />
      </header>
      <main className="entry-card">
        <h1>{title}</h1>
        {children}
      </main>
      <p className="entry-note">
        Files upload straight from your browser to storage. Interrupted uploads resume where they
        stopped.
      </p>
    </div>
  );
}
