"""Where files are kept, and how much of them is taken: `CHATSERVER_FILES__…`."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

MIB = 1024 * 1024


class FileSettings(BaseModel):
    """A folder of this machine, unless a bucket is named. Sizes are in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path = Path("chatserver-files")
    s3_bucket: str | None = None
    s3_endpoint: str | None = None
    s3_region: str = "us-east-1"
    s3_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{0,100}$")] = ""
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None

    max_bytes: Annotated[int, Field(ge=1024, le=1024 * MIB)] = 10 * MIB
    max_pixels: Annotated[int, Field(ge=10_000, le=200_000_000)] = 50_000_000
    conversation_files: Annotated[int, Field(ge=1)] = 100
    conversation_bytes: Annotated[int, Field(ge=1024)] = 100 * MIB
    visitor_bytes: Annotated[int, Field(ge=1024)] = 200 * MIB
    orphan_hours: Annotated[float, Field(gt=0)] = 24

    @model_validator(mode="after")
    def _fits_together(self) -> "FileSettings":
        if (self.s3_access_key is None) is not (self.s3_secret_key is None):
            raise ValueError("s3_access_key and s3_secret_key go together")
        if self.s3_endpoint and not self.s3_endpoint.startswith(("http://", "https://")):
            raise ValueError("s3_endpoint must start with http:// or https://")
        return self
