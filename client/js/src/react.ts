"use client";

import {
  createContext,
  createElement,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from "react";
import { Binding, type UploadsActions } from "./react/binding.ts";
import { EMPTY } from "./react/empty.ts";
import type { UploadItem, Uploads, UploadsOptions, UploadsSnapshot } from "./types.ts";

export type { UploadsActions } from "./react/binding.ts";

/** Options of a queue that the provider creates when it mounts and closes when it unmounts. */
export interface OwnQueueProps extends UploadsOptions {
  readonly uploads?: undefined;
  readonly children?: ReactNode;
}

/** A queue of the page, which the provider neither creates nor closes. */
export interface GivenQueueProps {
  readonly uploads: Uploads;
  readonly children?: ReactNode;
}

export type UploadsProviderProps = OwnQueueProps | GivenQueueProps;

interface AnyProps extends UploadsOptions {
  readonly uploads?: Uploads | undefined;
  readonly children?: ReactNode;
}

/** The state of the whole list, and the actions of its queue. */
export interface UploadsView extends UploadsSnapshot, UploadsActions {}

const Context = createContext<Binding | undefined>(undefined);
Context.displayName = "Uploads";

/**
 * Provide a queue of uploads to the components inside: an existing one, or one with these options.
 * `getToken`, `accept`, `maxFileBytes` and `maxFiles` may change at any time. A change of `endpoint`,
 * `api`, `user` or `journal` closes the queue and creates another one.
 */
export function UploadsProvider(props: UploadsProviderProps): ReactElement {
  const { children, uploads, ...options }: AnyProps = props;
  const { api, user, journal } = options;
  const endpoint = options.endpoint?.toString();
  const [binding] = useState(() => new Binding());
  useEffect(() => {
    binding.update(options);
  });
  // In Strict Mode, React runs this effect, its cleanup and the effect again.
  useEffect(
    () => (uploads === undefined ? binding.create() : binding.use(uploads)),
    [binding, uploads, endpoint, api, user, journal],
  );
  return createElement(Context.Provider, { value: binding }, children);
}

/**
 * Return the state of the list with the actions of its queue. The component renders again at most
 * ten times a second. The actions stay the same for the life of the provider.
 */
export function useUploads(): UploadsView {
  const binding = useBinding();
  const snapshot = useSyncExternalStore(
    binding.actions.subscribe,
    () => binding.snapshot,
    () => EMPTY,
  );
  return useMemo(() => ({ ...snapshot, ...binding.actions }), [snapshot, binding]);
}

/** Return a file of the list; undefined if it is not in the list. */
export function useUpload(id: string): UploadItem | undefined {
  const { actions } = useBinding();
  return useSyncExternalStore(
    actions.subscribe,
    () => actions.find(id),
    () => undefined,
  );
}

function useBinding(): Binding {
  const binding = useContext(Context);
  if (binding === undefined) {
    throw new Error("useUploads and useUpload work inside an <UploadsProvider> only.");
  }
  return binding;
}
