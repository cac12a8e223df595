import type { ReactNode } from "react";
import { ThemeToggle } from "../ui/ThemeToggle.tsx";
import { Brand } from "../shell/Brand.tsx";

/** The frame around logging in and signing up. */
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
        Files go straight from your browser to the storage, and resume where they stopped.
      </p>
    </div>
  );
}
