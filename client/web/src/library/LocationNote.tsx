import type { FragmentType } from "@apollo/client";
import { useFields } from "../api/useFields.ts";
import type { LocationNote_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../messages/t.ts";

const locationFields = graphql(`
  fragment LocationNote_upload on Upload {
    id
    media {
      hasLocation
    }
  }
`);

interface LocationNoteProps {
  readonly upload: FragmentType<LocationNote_uploadFragment>;
  readonly className: string;
}

/** Warns of a file that contains the location where it was taken. */
export function LocationNote({ upload, className }: LocationNoteProps) {
  const media = useFields(locationFields, upload)?.media;
  if (media?.hasLocation !== true) return null;
  return (
    <p className={className}>
      <Icon name="warning" size={18} />
      {t("details.location")}
    </p>
  );
}
