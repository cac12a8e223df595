import { useRef } from "react";
import { Icon, type IconName } from "../ui/Icon.tsx";

interface FileButtonProps {
  readonly label: string;
  readonly testId: string;
  readonly onChoose: (files: FileList) => void;
  /** Replaces the input, where the browser has a better way to choose files. */
  readonly onClick?: (() => void) | undefined;
  readonly icon?: IconName;
  readonly className?: string;
  readonly accept?: string | undefined;
  readonly multiple?: boolean;
  /** Whether to choose a folder. */
  readonly folder?: boolean;
  /** Opens the device's own camera or recorder. */
  readonly capture?: "image" | "video" | "audio";
}

/** A button to choose files. The browser's own control can't be styled, so it is hidden. */
export function FileButton(props: FileButtonProps) {
  const { label, icon, onChoose, onClick, className = "button small", capture } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        data-testid={props.testId}
        multiple={props.multiple}
        accept={capture === undefined ? props.accept : `${capture}/*`}
        {...(capture !== undefined && { capture: "environment" as const })}
        {...(props.folder === true && { webkitdirectory: "" })}
        onChange={(event) => {
          const { files } = event.target;
          if (files !== null && files.length > 0) onChoose(files);
          event.target.value = "";
        }}
      />
      <button
        type="button"
        className={className}
        onClick={onClick ?? (() => input.current?.click())}
      >
        {icon !== undefined && <Icon name={icon} size={18} />}
        {label}
      </button>
    </>
  );
}
