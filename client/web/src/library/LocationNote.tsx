import { Icon } from "../ui/Icon.tsx";
import { t } from "../messages/t.ts";

interface LocationNoteProps {
  readonly upload: { readonly media: { readonly hasLocation?: boolean } | null };
  readonly className: string;
}

/** Warns of a file that contains the location where it was taken. */
export function LocationNote({ upload, className }: LocationNoteProps) {
  if (upload.media?.hasLocation !== true) return null;
  return (
    <p className={className}>
      <Icon name="warning" size={18} />
      {t("details.location")}
    </p>
  );
}
