import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { Name } from "../ui/Name.tsx";
import type { Removable } from "./useRemoval.tsx";
import { t } from "../messages/t.ts";
import { rich } from "../messages/rich.ts";

interface DeleteQuestionProps {
  readonly uploads: readonly Removable[];
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before deleting uploads that can't all be restored. */
export function DeleteQuestion({ uploads, onConfirm, onClose }: DeleteQuestionProps) {
  const count = uploads.length;
  const single = count === 1;
  return (
    <ConfirmDialog
      title={single ? t("trash.deleteOneQuestion") : t("trash.deleteQuestion", { count })}
      action={single ? t("trash.delete") : t("trash.deleteMany", { count })}
      onConfirm={() => {
        onConfirm();
        return Promise.resolve(undefined);
      }}
      onClose={onClose}
    >
      <Consequences uploads={uploads} />
    </ConfirmDialog>
  );
}

function Consequences({ uploads }: { readonly uploads: readonly Removable[] }) {
  const unstored = uploads.filter(({ status }) => status !== "STORED");
  const stored = uploads.length - unstored.length;
  const [only] = uploads;
  if (uploads.length === 1 && only !== undefined) {
    return (
      <p>
        {rich("trash.oneUnstored", {
          name: (
            <strong>
              <Name>{only.filename}</Name>
            </strong>
          ),
        })}
      </p>
    );
  }
  if (stored === 0) {
    return <p>{t("trash.allUnstored")}</p>;
  }
  return <p>{t("trash.someUnstored", { stored, others: unstored.length })}</p>;
}
