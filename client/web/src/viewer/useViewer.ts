import { useLocation, useNavigate, useSearchParams, type To } from "react-router";
import { PARAMETER } from "./requested.ts";

/** Marks history entries that were added by opening the viewer, so that closing it can go back. */
const OPENED = { viewerOpened: true };

interface ViewerPlace {
  /** The id of the file that is shown; null if the viewer is closed. */
  readonly id: string | null;
  /** Show a file; Back closes the viewer. */
  readonly open: (id: string) => void;
  /** Show another file in the open viewer; Back still closes the viewer. */
  readonly go: (id: string) => void;
  /** Return to the page as it was before the viewer was opened. */
  readonly close: () => void;
}

/** Read and change which file the viewer shows. The URL keeps it, beside the list's filters. */
export function useViewer(): ViewerPlace {
  const [params] = useSearchParams();
  const location = useLocation();
  const navigate = useNavigate();
  const state: unknown = location.state;
  return {
    id: params.get(PARAMETER),
    open: (id) => void navigate(placeOf(id), { state: OPENED }),
    go: (id) => void navigate(placeOf(id), { replace: true, state }),
    close: () => {
      if (wasOpened(state)) void navigate(-1);
      else void navigate(placeOf(null), { replace: true });
    },
  };
}

/** Return the props of a link that shows a file in the viewer. */
export function viewerLink(id: string): { readonly to: To; readonly state: unknown } {
  return { to: placeOf(id), state: OPENED };
}

function placeOf(id: string | null): To {
  const params = new URLSearchParams(window.location.search);
  if (id === null) params.delete(PARAMETER);
  else params.set(PARAMETER, id);
  return { search: params.toString() };
}

function wasOpened(state: unknown): boolean {
  return typeof state === "object" && state !== null && "viewerOpened" in state;
}
