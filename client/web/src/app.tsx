import { startTransition, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { Pages } from "./shell/Pages.tsx";
import { keepFocus } from "./ui/focus.ts";
import { applyTheme } from "./ui/theme.ts";

applyTheme();
keepFocus();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
startTransition(() =>
  createRoot(root).render(
    <StrictMode>
      <BrowserRouter>
        <Pages />
      </BrowserRouter>
    </StrictMode>,
  ),
);
