import { ApolloProvider } from "@apollo/client/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { client } from "./api/client.ts";
import { session } from "./session/session.ts";
import { router } from "./shell/routes.tsx";
import "./styles/index.css";
import { Notices } from "./ui/Notices.tsx";
import { applyTheme } from "./ui/theme.ts";

applyTheme();
// The refresh cookie of an earlier visit may still be valid.
session.renew().catch(() => undefined);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <ApolloProvider client={client}>
      <RouterProvider router={router} />
      <Notices />
    </ApolloProvider>
  </StrictMode>,
);
