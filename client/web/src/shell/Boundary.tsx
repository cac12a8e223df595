import { Component, type ReactNode } from "react";

interface BoundaryProps {
  /** Shown instead of children that fail to load or render. */
  readonly broken: ReactNode;
  readonly children: ReactNode;
}

/** Keeps an error inside; React lets only classes do that. */
export class Boundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override state = { failed: false };

  override render(): ReactNode {
    return this.state.failed ? this.props.broken : this.props.children;
  }
}
