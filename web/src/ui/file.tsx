/** A file that came with a message: its name is a link to the guarded door, a picture is there to be seen. */

import type { FileView } from "../../../widget/src/core/wire.ts";
import { doorOf, hasPreview, saySize } from "../core/files.ts";

export function FileLink({ file }: { file: FileView }) {
  return (
    <>
      <a href={doorOf(file)} download={file.name}>
        {file.name}
      </a>{" "}
      <span class="quiet">{saySize(file.size)}</span>
    </>
  );
}

export function Attached({ file }: { file: FileView }) {
  return (
    <p class="file" data-testid="file">
      {hasPreview(file) && <img src={doorOf(file)} alt="" loading="lazy" decoding="async" />}
      <FileLink file={file} />
    </p>
  );
}
